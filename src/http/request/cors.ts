import cors, { type CorsOptions } from 'cors';
import type { RequestHandler } from 'express';

/** One constant for the app and for the gateway (infra/cors.yml; a test compares them). */
export const CORS = {
  methods: ['OPTIONS', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: [
    'Content-Type',
    'X-Amz-Date',
    'Authorization',
    'X-Api-Key',
    'Idempotency-Key',
    'If-Match',
    'If-None-Match',
    'X-Request-Id',
  ],
  exposedHeaders: [
    'ETag',
    'Link',
    'Location',
    'X-Request-Id',
    'Idempotent-Replayed',
    'Retry-After',
    'RateLimit-Limit',
    'RateLimit-Remaining',
    'RateLimit-Reset',
  ],
  maxAge: 86_400,
} satisfies CorsOptions;

/**
 * Answers browsers that ask from another origin, and leaves all other requests alone. No cookies are ever used, so
 * credentials are not allowed, with `*` or without.
 */
export function crossOrigin(origins: readonly string[]): RequestHandler {
  const anyone = origins.includes('*');
  const answer = cors({ ...CORS, origin: anyone ? '*' : [...origins] });
  return (request, response, next) => {
    if (request.headers.origin !== undefined || request.method === 'OPTIONS')
      return answer(request, response, next);
    if (!anyone) response.vary('Origin');
    return next();
  };
}
