import { createHash } from 'node:crypto';
import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { JsonLogger } from '../../platform/logger.js';
import { requestContext } from '../../platform/request-context.js';
import { ApiError } from '../errors/api-error.js';
import {
  IDEMPOTENCY_IN_PROGRESS,
  IDEMPOTENCY_KEY_INVALID,
  IDEMPOTENCY_KEY_NOT_ALLOWED,
  IDEMPOTENCY_MISMATCH,
} from '../errors/common.errors.js';
import { type Claim, IdempotencyRepository, type StoredAnswer } from './idempotency.repository.js';

export const IDEMPOTENT = 'hearth:idempotent';

/** A signed-in POST that creates: takes an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). */
export const Idempotent = () => SetMetadata(IDEMPOTENT, true);

const REPLAYED_HEADERS = ['Location', 'ETag'];

/** Runs a request once per key, and answers the same to whoever asks again within 24 hours. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly keys: IdempotencyRepository,
    private readonly logger: JsonLogger,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    const idempotencyKey = request.get('idempotency-key');
    if (request.method !== 'POST' || idempotencyKey === undefined) return next.handle();
    if (!Reflect.getMetadata(IDEMPOTENT, context.getHandler()))
      throw new ApiError(IDEMPOTENCY_KEY_NOT_ALLOWED);
    if (!/^[\x20-\x7e]{1,255}$/.test(idempotencyKey)) throw new ApiError(IDEMPOTENCY_KEY_INVALID);

    const current = requestContext.current();
    const fingerprint = fingerprintOf(request);
    const result = await this.keys.claim(current?.userId ?? '', request.path, idempotencyKey, fingerprint);
    if ('answer' in result) return of(replay(response, result.answer));
    if ('refused' in result) {
      if (result.refused === 'mismatch') throw new ApiError(IDEMPOTENCY_MISMATCH);
      throw new ApiError(IDEMPOTENCY_IN_PROGRESS, {
        headers: { 'Retry-After': String(result.retryAfterSeconds) },
      });
    }
    const { claim } = result;
    if (current) current.reservation = { seed: claim.seed, startedAt: claim.startedAt, taken: 0 };
    return of(await this.run(claim, next, response));
  }

  private async run(claim: Claim, next: CallHandler, response: Response): Promise<unknown> {
    let body: string;
    try {
      body = (await lastValueFrom(next.handle())) as string;
    } catch (error) {
      const refused = error instanceof ApiError && error.statusCode < 500;
      await this.settle(refused ? this.keys.release(claim) : this.keys.unlock(claim));
      throw error;
    }
    const kept = REPLAYED_HEADERS.filter((name) => response.hasHeader(name));
    const headers = Object.fromEntries(kept.map((name) => [name, String(response.getHeader(name))]));
    await this.settle(this.keys.complete(claim, { statusCode: response.statusCode, headers, body }));
    return body;
  }

  /** The outcome stands, whether or not it could be noted: a request that is run again meets what this one made. */
  private async settle(noting: Promise<void>): Promise<void> {
    await noting.catch((error: Error) => {
      this.logger.write('warn', {
        message: `The outcome of an Idempotency-Key was not noted: ${error.message}`,
      });
    });
  }
}

function fingerprintOf({ method, originalUrl, body }: Request): string {
  return createHash('sha256')
    .update(`${method} ${originalUrl}\0${JSON.stringify(body) ?? ''}`)
    .digest('hex');
}

function replay(response: Response, { statusCode, headers, body }: StoredAnswer): string {
  response.status(statusCode);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('Idempotent-Replayed', 'true');
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  return body;
}
