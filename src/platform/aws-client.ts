import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Config } from '../config/config.js';
import { isOutage, ServiceUnavailable } from './faults.js';
import { requestContext } from './request-context.js';

/**
 * What every AWS client is made with. Without the two time limits the SDK waits for ever on a server that never
 * answers (measured); with three tries in standard mode a request that is not answered ends within four times the
 * request timeout. An endpoint other than AWS is a local one and takes any credentials.
 */
export function clientOptions(config: Config, endpoint: string | undefined, region = config.aws.region) {
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint, credentials: LOCAL_ACCESS }),
    maxAttempts: 3,
    retryMode: 'standard',
    requestHandler: new NodeHttpHandler({
      connectionTimeout: config.aws.connectionTimeoutMs,
      requestTimeout: config.aws.requestTimeoutMs,
      throwOnRequestTimeout: true,
    }),
  };
}

/** What every local endpoint takes. */
export const LOCAL_ACCESS = { accessKeyId: 'local', secretAccessKey: 'local' };

/**
 * Sends within the request's deadline.
 * @throws {ServiceUnavailable} when AWS is the one failing; its refusals come as they are.
 */
export async function sendToAws<T>(send: (options: { abortSignal?: AbortSignal }) => Promise<T>): Promise<T> {
  const { deadline } = requestContext.current() ?? {};
  try {
    return await send(deadline ? { abortSignal: deadline } : {});
  } catch (error) {
    throw isOutage(error) ? new ServiceUnavailable(error) : error;
  }
}
