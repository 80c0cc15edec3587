import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';

export type GatewayEvent = APIGatewayProxyEvent | APIGatewayProxyEventV2;

/** A request in the terms of serverless-express. */
interface EventRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer | undefined;
  readonly remoteAddress: string;
}

/** An event that no API Gateway (or function URL) sends: a rule or a queue that calls the wrong function, a load balancer. */
export class NotARequest extends Error {
  override readonly name = 'NotARequest';

  constructor() {
    super(
      'This function answers requests of API Gateway (payload format 1.0 or 2.0) or of a function URL, and no other events',
    );
  }
}

/** Payload format 2.0 is an HTTP API's, 1.0 a REST API's; seed 000 asks for both. @throws {NotARequest} */
export function versionOf(event: unknown): 'v1' | 'v2' {
  const { version, httpMethod, requestContext } = (event ?? {}) as Partial<
    Record<'version' | 'httpMethod', unknown>
  > & { readonly requestContext?: { readonly http?: unknown; readonly identity?: unknown } };
  if (version === '2.0' && requestContext?.http) return 'v2';
  if (typeof httpMethod === 'string' && requestContext?.identity) return 'v1';
  throw new NotARequest();
}

/**
 * An HTTP API's event as a request. serverless-express's own reading takes no stage off the path, which the gateway
 * has decoded and Express will decode once more, and costs more than the rest of a small request.
 * @param basePath under which clients reach the API: of PUBLIC_URL
 */
export const requestOfVersion2 =
  (basePath: string) =>
  ({ event }: { event: APIGatewayProxyEventV2 }): EventRequest => {
    const { stage, http, domainName } = event.requestContext;
    const plain = pathInside(event.rawPath, basePath, isExecuteApi(domainName) ? stage : undefined);
    // A function URL hands over the path as it was sent.
    const isSafe = /^[\w/.~-]*$/.test(plain) || /\.lambda-url\./.test(domainName);
    const path = isSafe ? plain : encoded(plain);
    const headers = asHeaders(event.headers);
    if (event.cookies) headers['cookie'] = event.cookies.join('; ');
    return {
      method: http.method,
      path: event.rawQueryString ? `${path}?${event.rawQueryString}` : path,
      headers,
      body: bodyOf(event, headers),
      remoteAddress: http.sourceIp,
    };
  };

/** A REST API's event as a request; or an HTTP API's of payload format 1.0, whose path is decoded and begins with the stage. */
export const requestOfVersion1 =
  (basePath: string) =>
  ({ event }: { event: APIGatewayProxyEvent }): EventRequest => {
    const { stage, path: contextPath, identity, domainName } = event.requestContext;
    const isHttpApi = (event as { version?: string }).version === '1.0';
    // A REST API shows the stage in its context only; a version such as /v1 is no stage of that name.
    const showsStage = event.path === contextPath && isExecuteApi(domainName);
    const plain = pathInside(event.path, basePath, showsStage ? stage : undefined);
    const query = new URLSearchParams();
    const single = Object.entries(event.queryStringParameters ?? {}).map(
      ([name, value]) => [name, [value ?? '']] as const,
    );
    const parameters = event.multiValueQueryStringParameters ?? Object.fromEntries(single);
    for (const [name, values] of Object.entries(parameters))
      for (const value of values ?? []) query.append(name, value);
    const joined = Object.entries(event.multiValueHeaders ?? {}).map(([name, values]) => [
      name,
      values?.join(','),
    ]);
    const headers = asHeaders({ ...event.headers, ...Object.fromEntries(joined) });
    const path = isHttpApi ? encoded(plain) : encoded(plain).replaceAll('%25', '%');
    return {
      method: event.httpMethod,
      path: path + (query.size > 0 ? `?${query.toString()}` : ''),
      headers,
      body: bodyOf(event, headers),
      remoteAddress: identity.sourceIp,
    };
  };

/** At API Gateway's own name the path begins with the stage; at a domain of one's own it does not. */
const isExecuteApi = (domainName: string | undefined): boolean =>
  domainName === undefined || domainName.includes('.execute-api.');

/** A path without what is before the API: the base path of a domain, or the stage. */
function pathInside(path: string, basePath: string, stage: string | undefined): string {
  for (const prefix of [basePath, stage === undefined || stage === '$default' ? '' : `/${stage}`])
    if (prefix !== '' && (path === prefix || path.startsWith(`${prefix}/`)))
      return path.slice(prefix.length) || '/';
  return path || '/';
}

const encoded = (path: string): string =>
  encodeURI(path.toWellFormed()).replaceAll('?', '%3F').replaceAll('#', '%23');

function asHeaders(given: Readonly<Record<string, string | undefined>> = {}): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name in given) {
    const value = given[name];
    if (value !== undefined) headers[name.toLowerCase()] = value;
  }
  return headers;
}

function bodyOf(
  { body, isBase64Encoded }: { body?: string | null | undefined; isBase64Encoded: boolean },
  headers: Record<string, string>,
): Buffer | undefined {
  if (!body) return undefined;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  headers['content-length'] = String(bytes.length);
  return bytes;
}
