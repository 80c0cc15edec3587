import { Injectable } from '@nestjs/common';
import { ApiError, type ErrorDetail } from '../../http/errors/api-error.js';
import { SERVICE_UNAVAILABLE } from '../../http/errors/common.errors.js';
import { Table } from '../../platform/dynamodb/table.js';
import { Storage } from '../../platform/storage/storage.js';
import { JsonLogger } from '../../platform/logger.js';
import type { ReadinessResponse } from './dto/system.dto.js';

@Injectable()
export class ReadinessService {
  constructor(
    private readonly table: Table,
    private readonly storage: Storage,
    private readonly logger: JsonLogger,
  ) {}

  /** @throws {ApiError} SERVICE_UNAVAILABLE naming what is down. */
  async check(): Promise<ReadinessResponse> {
    const asked = {
      dynamodb: this.table.get({ PK: 'HEALTH', SK: 'READY' }),
      s3: this.storage.check(),
    };
    const names = Object.keys(asked);
    const answers = await Promise.allSettled(Object.values(asked));
    const details = names.flatMap((field, position) => {
      const answer = answers[position];
      return answer?.status === 'rejected' ? [faultOf(field, answer.reason as Error)] : [];
    });
    for (const { message } of details) this.logger.write('warn', { message });
    if (details.length > 0)
      throw new ApiError(SERVICE_UNAVAILABLE, { details, headers: { 'Retry-After': '2' } });
    return { status: 'ready', dependencies: { dynamodb: 'up', s3: 'up' } };
  }
}

/** A service that refuses does answer: what is wrong is on our side of it. */
function faultOf(
  field: string,
  error: Error & { readonly $metadata?: { httpStatusCode?: number } },
): ErrorDetail {
  const { httpStatusCode: status = 0 } = error.$metadata ?? {};
  if (status < 400 || status >= 500) return { field, code: 'down', message: `${field} does not answer` };
  return {
    field,
    code: 'refused',
    message: `${field} refuses the request with ${status}; check the credentials and what they allow`,
  };
}
