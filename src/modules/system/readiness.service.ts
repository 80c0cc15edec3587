import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import { SERVICE_UNAVAILABLE } from '../../http/errors/common.errors.js';
import { Table } from '../../platform/dynamodb/table.js';
import { Storage } from '../../platform/storage/storage.js';
import type { ReadinessResponse } from './dto/system.dto.js';

@Injectable()
export class ReadinessService {
  constructor(
    private readonly table: Table,
    private readonly storage: Storage,
  ) {}

  /** @throws {ApiError} SERVICE_UNAVAILABLE naming what is down. */
  async check(): Promise<ReadinessResponse> {
    const asked = {
      dynamodb: this.table.get({ PK: 'HEALTH', SK: 'READY' }),
      s3: this.storage.check(),
    };
    const names = Object.keys(asked);
    const answers = await Promise.allSettled(Object.values(asked));
    const details = names
      .filter((_, position) => answers[position]?.status === 'rejected')
      .map((field) => ({ field, code: 'down', message: `${field} does not answer` }));
    if (details.length > 0)
      throw new ApiError(SERVICE_UNAVAILABLE, { details, headers: { 'Retry-After': '2' } });
    return { status: 'ready', dependencies: { dynamodb: 'up', s3: 'up' } };
  }
}
