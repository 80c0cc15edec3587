import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { ResponseInterceptor } from './envelope/response.interceptor.js';
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
    { provide: APP_INTERCEPTOR, useClass: ResponseInterceptor },
    { provide: APP_PIPE, useClass: ValidationPipe },
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
  exports: [Cursors, RateWindows],
})
export class HttpModule {}
