// Plain Express with what Hearth does around every request: request id, headers, CORS, one log line.
import { randomUUID } from 'node:crypto';
import cors from 'cors';
import express from 'express';

const app = express().disable('x-powered-by').set('etag', false);
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
    const ms = performance.now() - began;
    const line = {
      time: new Date().toISOString(),
      level: 'INFO',
      message: 'Request',
      method,
      route: request.route?.path,
      status: response.statusCode,
      ms,
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
const server = app.listen(0, '127.0.0.1', () =>
  process.stderr.write(`http://127.0.0.1:${server.address().port}\n`),
);
