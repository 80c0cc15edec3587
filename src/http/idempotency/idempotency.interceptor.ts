import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { RenderedBody } from '../envelope/envelope.adapter.js';
import { ResponseRenderer } from '../envelope/response-renderer.js';
import { IdempotentRequests } from './idempotent-requests.js';

/** Runs a request that has an Idempotency-Key once, and renders its answer here, so that it can be kept. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly requests: IdempotentRequests,
    private readonly renderer: ResponseRenderer,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const key = request.headers['idempotency-key'];
    return key === undefined ? next.handle() : from(this.runOnce(String(key), context, next));
  }

  private async runOnce(key: string, context: ExecutionContext, next: CallHandler): Promise<RenderedBody> {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    const answer = async () => {
      const value: unknown = await lastValueFrom(next.handle());
      return String(await this.renderer.render(value, context.getHandler(), request, response));
    };
    return new RenderedBody(await this.requests.once(key, request, response, answer));
  }
}
