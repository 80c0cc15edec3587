// What Hearth does around every request, by hand on Express: request id, headers, CORS, one log line.
import { randomUUID } from 'node:crypto';
import cors from 'cors';
import express from 'express';

/** An application with these duties, and `GET /health`. */
export function appWithDuties() {
  const app = express().disable('x-powered-by');
  app.use((request, response, next) => {
    const began = performance.now();
    const requestId = request.get('x-request-id') ?? randomUUID();
    response.setHeader('X-Request-Id', requestId);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.setHeader('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
    response.once('finish', () => {
      const { method } = request;
      const line = {
        time: new Date().toISOString(),
        level: 'INFO',
        message: 'Request',
        method,
        route: request.route?.path,
        status: response.statusCode,
        ms: performance.now() - began,
        requestId,
      };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    });
    next();
  });
  app.use(cors());
  app.use(express.json());
  app.get('/health', (_, response) => {
    response.json({
      success: true,
      data: { status: 'ok', version: '0.1.0', uptime: Math.round(process.uptime()) },
    });
  });
  return app;
}
