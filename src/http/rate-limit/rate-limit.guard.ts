import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { CONFIG, type Config } from '../../config/config.js';
import type { CurrentUser } from '../access/access.decorators.js';
import { Clock } from '../../platform/clock.js';
import { ApiError } from '../errors/api-error.js';
import { RATE_LIMITED } from '../errors/common.errors.js';
import { describe } from '../openapi/describe.decorators.js';
import { networkOf } from '../request/network.js';
import { RateWindows } from './rate-windows.repository.js';

/** Routes of one bucket count together. */
export type Bucket = 'auth' | 'tracking' | 'chat';

const BUCKET = 'hearth:rate-limit';

/** Limits how often one network, or for the chat one user, may call the routes of a bucket. */
export const RateLimit = (bucket: Bucket) =>
  applyDecorators(
    SetMetadata(BUCKET, bucket),
    describe((known) => ({ ...known, limited: true })),
  );

const WINDOW_SECONDS = 60;

@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly windows: RateWindows,
    private readonly clock: Clock,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const bucket = Reflect.getMetadata(BUCKET, context.getHandler()) as Bucket | undefined;
    return bucket === undefined || this.count(bucket, context);
  }

  private async count(bucket: Bucket, context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request & { readonly user: CurrentUser }>();
    const response = context.switchToHttp().getResponse<Response>();
    const who = bucket === 'chat' ? request.user.id : networkOf(request.ip);
    const limit = this.limitOf(bucket);
    const now = this.clock.seconds();
    const window = now - (now % WINDOW_SECONDS);
    const reset = window + WINDOW_SECONDS - now;
    const calls = await this.windows.count(who, bucket, window);
    response.setHeader('RateLimit-Limit', String(limit));
    response.setHeader('RateLimit-Remaining', String(Math.max(0, limit - calls)));
    response.setHeader('RateLimit-Reset', String(reset));
    if (calls > limit) throw new ApiError(RATE_LIMITED, { headers: { 'Retry-After': String(reset) } });
    return true;
  }

  private limitOf(bucket: Bucket): number {
    const { authPerMinute, trackingPerMinute, chatPerMinute } = this.config.rateLimits;
    return { auth: authPerMinute, tracking: trackingPerMinute, chat: chatPerMinute }[bucket];
  }
}
