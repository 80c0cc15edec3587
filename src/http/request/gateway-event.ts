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

/** Payload format 2.0 is an HTTP API's, 1.0 a REST API's; seed 000 asks for both. */
export function isVersion2(event: GatewayEvent): event is APIGatewayProxyEventV2 {
  return (event as { version?: string }).version === '2.0';
}

/**
 * An HTTP API's event as a request. serverless-express's own reading takes no stage off the path, which the gateway
 * has decoded and Express will decode once more, and costs more than the rest of a small request.
 */
export function requestOfVersion2({ event }: { event: APIGatewayProxyEventV2 }): EventRequest {
  const { stage, http } = event.requestContext;
  const plain = stage === '$default' ? event.rawPath : withoutStage(event.rawPath, stage);
  const path = /^[\w/.~-]*$/.test(plain) ? plain : encoded(plain);
  const headers = asHeaders(event.headers);
  if (event.cookies) headers['cookie'] = event.cookies.join('; ');
  return {
    method: http.method,
    path: event.rawQueryString ? `${path}?${event.rawQueryString}` : path,
    headers,
    body: bodyOf(event, headers),
    remoteAddress: http.sourceIp,
  };
}

/** A REST API's event as a request. */
export function requestOfVersion1({ event }: { event: APIGatewayProxyEvent }): EventRequest {
  const { stage, path: contextPath, identity } = event.requestContext;
  // The event shows the stage in its context only; a version such as /v1 is no stage of that name.
  const plain = event.path === contextPath ? withoutStage(event.path, stage) : event.path;
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
  return {
    method: event.httpMethod,
    path: encoded(plain).replaceAll('%25', '%') + (query.size > 0 ? `?${query.toString()}` : ''),
    headers,
    body: bodyOf(event, headers),
    remoteAddress: identity.sourceIp,
  };
}

const withoutStage = (path: string, stage: string): string =>
  path === `/${stage}` || path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) || '/' : path;

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
