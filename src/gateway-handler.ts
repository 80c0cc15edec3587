import type { RequestListener } from 'node:http';
import { configure } from '@codegenie/serverless-express';
import { getEventSource } from '@codegenie/serverless-express/src/event-sources/index.js';
import type { Context } from 'aws-lambda';
import type { AppOptions } from './app.module.js';
import { createApp } from './app.js';
import { basePathOf } from './config/config.js';
import { configFromProcess } from './config/environment.js';
import {
  type GatewayEvent,
  requestOfVersion1,
  requestOfVersion2,
  versionOf,
} from './http/request/gateway-event.js';
import { JsonLogger } from './platform/logger.js';

type Adapted = (event: GatewayEvent, context: Context, callback: () => void) => Promise<unknown>;

/** The Lambda function of some modules behind API Gateway; the application is begun while Lambda initialises, which is not billed as a request's time. @throws {NotARequest} for Lambda to count */
export function gatewayHandler(served: Pick<AppOptions, 'modules' | 'docsDirectory'>) {
  const ready = start(served);
  return async (event: GatewayEvent, context: Context): Promise<unknown> => {
    const handlers = await ready;
    return handlers[versionOf(event)](event, context, () => undefined);
  };
}

async function start(
  served: Pick<AppOptions, 'modules' | 'docsDirectory'>,
): Promise<Record<'v1' | 'v2', Adapted>> {
  const config = configFromProcess();
  const app = await createApp({ config, logger: new JsonLogger(config.logLevel), ...served });
  await app.init();
  const adapt = (version: 'V1' | 'V2', getRequest: unknown) => {
    const eventSourceName = `AWS_API_GATEWAY_${version}`;
    const { getResponse } = getEventSource({ eventSourceName });
    const eventSource = { getRequest, getResponse };
    const instance = app.getHttpAdapter().getInstance() as RequestListener;
    return configure({ app: instance, eventSourceName, eventSource, respondWithErrors: false }) as Adapted;
  };
  const basePath = basePathOf(config);
  return { v1: adapt('V1', requestOfVersion1(basePath)), v2: adapt('V2', requestOfVersion2(basePath)) };
}
