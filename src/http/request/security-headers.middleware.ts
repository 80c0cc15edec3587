import type { NextFunction, Request, Response } from 'express';

/** What every answer carries; a public route overrides `Cache-Control` (see `PublicFor`). */
export function securityHeaders(request: Request, response: Response, next: NextFunction): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Referrer-Policy', 'no-referrer');
  // RFC 6797, 7.2: not over plain HTTP.
  if (request.secure) response.setHeader('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
  next();
}
