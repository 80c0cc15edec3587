import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import { SERVICE_UNAVAILABLE } from '../../http/errors/common.errors.js';
import { Table } from '../../platform/dynamodb/table.js';
import type { ReadinessResponse } from './dto/system.dto.js';

@Injectable()
export class ReadinessService {
  constructor(private readonly table: Table) {}

  /** @throws {ApiError} SERVICE_UNAVAILABLE naming what is down. */
  async check(): Promise<ReadinessResponse> {
    try {
      await this.table.get({ PK: 'HEALTH', SK: 'READY' });
    } catch {
      const details = [{ field: 'dynamodb', code: 'down', message: 'dynamodb does not answer' }];
      throw new ApiError(SERVICE_UNAVAILABLE, { details, headers: { 'Retry-After': '2' } });
    }
    return { status: 'ready', dependencies: { dynamodb: 'up' } };
  }
}
