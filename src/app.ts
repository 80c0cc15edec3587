import { VersioningType } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import express from 'express';
import { AppModule, type AppOptions } from './app.module.js';
import { crossOrigin } from './http/request/cors.js';
import { originCheck } from './http/request/origin-check.middleware.js';
import { requestLog } from './http/request/request-log.middleware.js';
import { securityHeaders } from './http/request/security-headers.middleware.js';
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

export const createAdapter = () => new ExpressAdapter(express().disable('x-powered-by').set('etag', false));

/** What stands around all routes, in the order in which a request meets it. */
export function configureApp(
  app: NestExpressApplication,
  { config, logger, checks = [securityHeaders] }: AppOptions,
): NestExpressApplication {
  app.use(requestLog(config, logger), ...checks);
  if (config.originCheck) app.use(originCheck(app.get(Secrets)));
  app.use(crossOrigin(config.corsOrigins));
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  return app;
}
