import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express from 'express';
import { AppModule, type AppOptions } from './app.module.js';
import { applyGlobals } from './apply-globals.js';
import { EnvelopeAdapter } from './http/envelope/envelope.adapter.js';
import { crossOrigin } from './http/request/cors.js';
import { originCheck } from './http/request/origin-check.middleware.js';
import { requestLog } from './http/request/request-log.middleware.js';
import { securityHeaders } from './http/request/security-headers.middleware.js';
import { lazyRoutes } from './lazy-routes.js';
import { Secrets } from './platform/secrets/secrets.js';

/** The application, ready to listen or to be handed events. */
export async function createApp(options: AppOptions): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(options), createAdapter(), {
    logger: options.logger,
    bodyParser: false,
    abortOnError: false,
  });
  return configureApp(app, options);
}

export const createAdapter = () => new EnvelopeAdapter(express().disable('x-powered-by').set('etag', false));

/** What stands around all routes, in the order in which a request meets it. */
export function configureApp(
  app: NestExpressApplication,
  { config, logger, checks = [securityHeaders], domains = [] }: AppOptions,
): NestExpressApplication {
  const lazy = domains.length > 0 ? lazyRoutes(app, domains) : undefined;
  if (lazy) app.use(lazy.load);
  app.use(requestLog(config, logger), ...checks);
  if (config.originCheck) app.use(originCheck(app.get(Secrets)));
  app.use(crossOrigin(config.corsOrigins, config.auth.refreshCookie));
  if (lazy) app.use(lazy.dispatch);
  return applyGlobals(app, app);
}
