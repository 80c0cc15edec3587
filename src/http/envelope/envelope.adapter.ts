import { ExpressAdapter } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { handlerOf } from './route-handler.guard.js';
import type { ResponseRenderer } from './response-renderer.js';

/** A body that is rendered already: of a request with an Idempotency-Key. */
export class RenderedBody {
  constructor(readonly text: string) {}
}

/**
 * Puts every answer into its envelope and ends the response itself: an interceptor would cost each request an observable,
 * and Express's `send` looks once more at everything that is known here.
 */
export class EnvelopeAdapter extends ExpressAdapter {
  /** Set once the application is composed; what answers before that is not a route of ours. */
  renderer: ResponseRenderer | undefined;

  override reply(response: Response, value: unknown, statusCode?: number): unknown {
    const handler = handlerOf(response);
    if (!this.renderer || !handler) return super.reply(response, value, statusCode) as unknown;
    if (value instanceof RenderedBody) return end(response, value.text);
    const body = this.renderer.render(value, handler, response.req as Request, response);
    return body instanceof Promise ? body.then((text) => end(response, text)) : end(response, body);
  }
}

/** RFC 9110, 8.6: no Content-Length with 204 and 304; 9.3.2: no body with HEAD, but its length. */
function end(response: Response, body: string | Buffer): void {
  const { statusCode } = response;
  if (statusCode === 204 || statusCode === 304) {
    response.end();
    return;
  }
  response.setHeader('Content-Length', Buffer.byteLength(body));
  if (response.req.method === 'HEAD') response.end();
  else response.end(body);
}
