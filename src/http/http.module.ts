import { Global, Module } from '@nestjs/common';
import { ResponseRenderer } from './envelope/response-renderer.js';
import { ErrorFilter } from './errors/error.filter.js';
import { IdempotencyAccountData } from './idempotency/idempotency.account-data.js';
import { IdempotencyRepository } from './idempotency/idempotency.repository.js';
import { IdempotentRequests } from './idempotency/idempotent-requests.js';
import { Cursors } from './paging/cursors.js';
import { RateWindows } from './rate-limit/rate-windows.repository.js';
import { ValidationPipe } from './validation/validation.pipe.js';

/** What stands around every route. */
@Global()
@Module({
  providers: [
    Cursors,
    RateWindows,
    IdempotencyRepository,
    IdempotencyAccountData,
    IdempotentRequests,
    ResponseRenderer,
    ValidationPipe,
    ErrorFilter,
  ],
  exports: [Cursors, RateWindows, IdempotentRequests, ResponseRenderer],
})
export class HttpModule {}
