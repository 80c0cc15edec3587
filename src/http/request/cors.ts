import cors, { type CorsOptions } from 'cors';
import type { RequestHandler } from 'express';

/** What is said of every origin that may call. The gateway says the same (infra/cors.yml; a test compares them). */
export const CORS = {
  methods: ['OPTIONS', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  exposedHeaders: [
    'ETag',
    'Link',
    'Location',
    'X-Request-Id',
    'Content-Disposition',
    'WWW-Authenticate',
    'Idempotent-Replayed',
    'Retry-After',
    'RateLimit-Limit',
    'RateLimit-Remaining',
    'RateLimit-Reset',
  ],
  maxAge: 86_400,
} satisfies CorsOptions;

/**
 * Answers browsers that ask from another origin, and leaves all other requests alone. Whatever headers a page wants to send
 * are allowed: nothing here trusts a caller for a header, and authorization is by token.
 * @param credentials whether pages of the listed origins may send the refresh cookie; never those of `*`
 */
export function crossOrigin(origins: readonly string[], credentials = false): RequestHandler {
  const anyone = origins.includes('*');
  const answer = cors({ ...CORS, origin: anyone ? '*' : [...origins], credentials: credentials && !anyone });
  return (request, response, next) => {
    if (request.headers.origin !== undefined || request.method === 'OPTIONS')
      return answer(request, response, next);
    if (!anyone) response.vary('Origin');
    return next();
  };
}
