import { VersioningType } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { EnvelopeAdapter } from './http/envelope/envelope.adapter.js';
import { ResponseRenderer } from './http/envelope/response-renderer.js';
import { RouteHandlerGuard } from './http/envelope/route-handler.guard.js';
import { ErrorFilter } from './http/errors/error.filter.js';
import { IdempotencyKeyGuard } from './http/idempotency/idempotency-key.guard.js';
import { RateLimitGuard } from './http/rate-limit/rate-limit.guard.js';
import { BodyGuard } from './http/request/body.guard.js';
import { ValidationPipe } from './http/validation/validation.pipe.js';
import { AuthGuard } from './modules/auth/auth.guard.js';

/** Before every route: who is calling, how often, and with what body. In this order. */
export const GLOBAL_GUARDS = [RouteHandlerGuard, AuthGuard, RateLimitGuard, BodyGuard, IdempotencyKeyGuard];

/**
 * Gives routes the guards, pipe, filter, envelope and version that all routes of the API have.
 * @param routes the application itself, or the small one of a lazy domain
 * @param app has what is applied
 */
export function applyGlobals(
  routes: NestExpressApplication,
  app: NestExpressApplication,
): NestExpressApplication {
  (routes.getHttpAdapter() as unknown as EnvelopeAdapter).renderer = app.get(ResponseRenderer);
  return routes
    .useGlobalGuards(...GLOBAL_GUARDS.map((guard) => app.get(guard)))
    .useGlobalPipes(app.get(ValidationPipe))
    .useGlobalFilters(app.get(ErrorFilter))
    .enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
}
