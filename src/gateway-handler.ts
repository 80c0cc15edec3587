import type { RequestListener } from 'node:http';
import { configure } from '@codegenie/serverless-express';
import type { Context } from 'aws-lambda';
import type { AppOptions } from './app.module.js';
import { createApp } from './app.js';
import { basePathOf } from './config/config.js';
import { configFromProcess } from './config/environment.js';
import { frameworkOf } from './http/request/event-response.js';
import { answerOfVersion1, answerOfVersion2, isBinary } from './http/request/gateway-answer.js';
import {
  type GatewayEvent,
  requestOfVersion1,
  requestOfVersion2,
  versionOf,
} from './http/request/gateway-event.js';
import { JsonLogger } from './platform/logger.js';

type Adapted = (event: GatewayEvent, context: Context, callback: () => void) => Promise<unknown>;

/** The Lambda function of some modules behind API Gateway; the application is begun while Lambda initialises, which is not billed as a request's time. @throws {NotARequest} for Lambda to count */
export function gatewayHandler(served: Pick<AppOptions, 'modules' | 'domains' | 'docsDirectory'>) {
  const ready = start(served);
  return async (event: GatewayEvent, context: Context): Promise<unknown> => {
    const handlers = await ready;
    return handlers[versionOf(event)](event, context, () => undefined);
  };
}

async function start(
  served: Pick<AppOptions, 'modules' | 'domains' | 'docsDirectory'>,
): Promise<Record<'v1' | 'v2', Adapted>> {
  const config = configFromProcess();
  const logger = new JsonLogger(config.logLevel);
  const app = await createApp({ config, logger, ...served });
  await app.init();
  const ignore = () => undefined;
  const log = {
    error: (_: string, error: unknown) => logger.error(error),
    warn: ignore,
    info: ignore,
    verbose: ignore,
    debug: ignore,
  };
  const instance = app.getHttpAdapter().getInstance() as RequestListener;
  const adapt = (version: 'V1' | 'V2', eventSource: object) =>
    configure({
      app: instance,
      framework: frameworkOf(instance),
      eventSourceName: `AWS_API_GATEWAY_${version}`,
      eventSource,
      binarySettings: { isBinary },
      log,
      respondWithErrors: false,
    }) as Adapted;
  const basePath = basePathOf(config);
  return {
    v1: adapt('V1', { getRequest: requestOfVersion1(basePath), getResponse: answerOfVersion1 }),
    v2: adapt('V2', { getRequest: requestOfVersion2(basePath), getResponse: answerOfVersion2 }),
  };
}
