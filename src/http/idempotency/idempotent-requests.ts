import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { JsonLogger } from '../../platform/logger.js';
import { requestContext } from '../../platform/request-context.js';
import { JSON_TYPE } from '../envelope/response-renderer.js';
import { answerOf, ApiError } from '../errors/api-error.js';
import {
  IDEMPOTENCY_IN_PROGRESS,
  IDEMPOTENCY_KEY_INVALID,
  IDEMPOTENCY_MISMATCH,
} from '../errors/common.errors.js';
import { type Claim, IdempotencyRepository, type StoredAnswer } from './idempotency.repository.js';

const REPLAYED_HEADERS = ['Location', 'ETag'];

/** Runs a request once per key, and answers the same to whoever asks again within 24 hours. */
@Injectable()
export class IdempotentRequests {
  constructor(
    private readonly keys: IdempotencyRepository,
    private readonly logger: JsonLogger,
  ) {}

  /** @param answer runs the request and gives its body, the status and the headers being set on the response */
  async once(
    key: string,
    request: Request,
    response: Response,
    answer: () => Promise<string>,
  ): Promise<string> {
    if (!/^[\x20-\x7e]{1,255}$/.test(key)) throw new ApiError(IDEMPOTENCY_KEY_INVALID);
    const current = requestContext.current();
    const result = await this.keys.claim(
      current?.userId ?? '',
      routeOf(request),
      key,
      fingerprintOf(request),
    );
    if ('answer' in result) return replay(response, result.answer);
    if ('refused' in result) {
      if (result.refused === 'mismatch') throw new ApiError(IDEMPOTENCY_MISMATCH);
      throw new ApiError(IDEMPOTENCY_IN_PROGRESS, {
        headers: { 'Retry-After': String(result.retryAfterSeconds) },
      });
    }
    const { claim } = result;
    const { seed, startedAt, resumed } = claim;
    if (current) current.reservation = { seed, startedAt, taken: 0, resumed };
    return this.run(claim, response, answer);
  }

  private async run(claim: Claim, response: Response, work: () => Promise<string>): Promise<string> {
    let body: string;
    try {
      body = await work();
    } catch (error) {
      const answer = error instanceof Error ? (answerOf(error) ?? error) : error;
      const refused = answer instanceof ApiError && answer.statusCode < 500 && !claim.resumed;
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

/** The route and its parameters: the same whatever the case of the path, with or without a last slash. */
function routeOf({ route, params }: Request): string {
  const { path } = route as { readonly path: string };
  return `${path} ${JSON.stringify(params)}`;
}

function fingerprintOf(request: Request): string {
  const query = new URLSearchParams(request.originalUrl.split('?')[1]);
  query.sort();
  return createHash('sha256')
    .update(`${routeOf(request)}?${query.toString()}\0${JSON.stringify(request.body) ?? ''}`)
    .digest('hex');
}

function replay(response: Response, { statusCode, headers, body }: StoredAnswer): string {
  response.status(statusCode);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('Idempotent-Replayed', 'true');
  response.setHeader('Content-Type', JSON_TYPE);
  return body;
}
