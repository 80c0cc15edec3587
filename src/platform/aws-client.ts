import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Config, Credentials } from '../config/config.js';
import { isOutage, ServiceUnavailable } from './faults.js';
import { requestContext } from './request-context.js';

/**
 * What every AWS client is made with. Without the two time limits the SDK waits for ever on a server that never
 * answers (measured); with three tries in standard mode a request that is not answered ends within four times the
 * request timeout. Credentials are those that the SDK finds; at an endpoint of one's own, where it finds none, fixed ones
 * that local servers take.
 */
export function clientOptions(
  { aws }: Config,
  endpoint: string | undefined,
  { region = aws.region, credentials = aws.hasCredentials ? undefined : LOCAL_ACCESS }: Access = {},
) {
  return {
    region,
    ...(endpoint !== undefined && { endpoint, ...(credentials && { credentials }) }),
    maxAttempts: 3,
    retryMode: 'standard',
    requestHandler: new NodeHttpHandler({
      connectionTimeout: aws.connectionTimeoutMs,
      requestTimeout: aws.requestTimeoutMs,
      throwOnRequestTimeout: true,
    }),
  };
}

interface Access {
  readonly region?: string;
  /** Of a server that this process has started itself. */
  readonly credentials?: Credentials | undefined;
}

/** What local servers take that check no signature. */
export const LOCAL_ACCESS: Credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

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
