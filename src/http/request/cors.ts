import type { CorsOptions } from '@nestjs/common/interfaces/external/cors-options.interface.js';

/** One constant for the app and for the gateway (infra/http-api.yml; a test compares them). */
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

/** No cookies are ever used, so credentials are not allowed, with `*` or without. */
export const corsOptions = (origins: readonly string[]): CorsOptions => ({
  ...CORS,
  origin: origins.includes('*') ? '*' : [...origins],
});
