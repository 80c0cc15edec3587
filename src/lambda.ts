import type { RequestListener } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configure } from '@codegenie/serverless-express';
import { getEventSource } from '@codegenie/serverless-express/src/event-sources/index.js';
import type { Context } from 'aws-lambda';
import { createApp } from './app.js';
import { configFromProcess } from './config/environment.js';
import {
  type GatewayEvent,
  isVersion2,
  requestOfVersion1,
  requestOfVersion2,
} from './http/request/gateway-event.js';
import { JsonLogger } from './platform/logger.js';

type Handler = (event: GatewayEvent, context: Context, callback: () => void) => Promise<unknown>;

/** Begins while Lambda initialises, which is not billed as a request's time. */
const ready = start();

async function start(): Promise<Record<'v1' | 'v2', Handler>> {
  const config = configFromProcess();
  const logger = new JsonLogger(config.logLevel);
  const docsDirectory = join(dirname(fileURLToPath(import.meta.url)), 'docs');
  const app = await createApp({ config, logger, docsDirectory });
  await app.init();
  const adapt = (version: 'V1' | 'V2', getRequest: unknown) => {
    const eventSourceName = `AWS_API_GATEWAY_${version}`;
    const { getResponse } = getEventSource({ eventSourceName });
    const eventSource = { getRequest, getResponse };
    const instance = app.getHttpAdapter().getInstance() as RequestListener;
    return configure({ app: instance, eventSourceName, eventSource, respondWithErrors: false }) as Handler;
  };
  return { v1: adapt('V1', requestOfVersion1), v2: adapt('V2', requestOfVersion2) };
}

export async function handler(event: GatewayEvent, context: Context): Promise<unknown> {
  const handlers = await ready;
  return handlers[isVersion2(event) ? 'v2' : 'v1'](event, context, () => undefined);
}
