import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';

export const IDEMPOTENT = 'hearth:idempotent';

/** A signed-in POST that creates: takes an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). */
export const Idempotent = () =>
  applyDecorators(SetMetadata(IDEMPOTENT, true), UseInterceptors(IdempotencyInterceptor));

export const IGNORES_IDEMPOTENCY_KEY = 'hearth:ignores-idempotency-key';

/**
 * For routes by which people sign in: a client that sends an `Idempotency-Key` with every POST may do so here, but no answer
 * is kept, since it would give somebody's tokens to whoever knows the key.
 */
export const IgnoresIdempotencyKey = (): ClassDecorator => SetMetadata(IGNORES_IDEMPOTENCY_KEY, true);
