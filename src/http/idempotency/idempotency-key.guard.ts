import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { ApiError } from '../errors/api-error.js';
import { IDEMPOTENCY_KEY_NOT_ALLOWED } from '../errors/common.errors.js';
import { IDEMPOTENT, IGNORES_IDEMPOTENCY_KEY } from './idempotent.decorator.js';

/** Refuses an Idempotency-Key on a POST that would not keep its promise. */
@Injectable()
export class IdempotencyKeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { method, headers } = context.switchToHttp().getRequest<Request>();
    if (method !== 'POST' || headers['idempotency-key'] === undefined) return true;
    const isTaken =
      Reflect.getMetadata(IDEMPOTENT, context.getHandler()) === true ||
      Reflect.getMetadata(IGNORES_IDEMPOTENCY_KEY, context.getClass()) === true;
    if (!isTaken) throw new ApiError(IDEMPOTENCY_KEY_NOT_ALLOWED);
    return true;
  }
}
