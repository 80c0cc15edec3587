import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import type { PlainRequest } from './transport.js';

const split = (path: string) => {
  const at = path.indexOf('?');
  return at < 0
    ? { pathname: path, search: '' }
    : { pathname: path.slice(0, at), search: path.slice(at + 1) };
};

/** Decoded as an HTTP API does before the integration; what cannot be decoded stays. */
const decoded = (pathname: string) => {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
};

const lists = (search: string) => {
  const parameters = new URLSearchParams(search);
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name)]));
};

const lowerCased = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** What an HTTP API sends (payload format 2.0). */
export function version2Event(
  { method, path, headers, body, from }: PlainRequest,
  stage = '$default',
): APIGatewayProxyEventV2 {
  const { pathname, search } = split(path);
  const rawPath = (stage === '$default' ? '' : `/${stage}`) + decoded(pathname);
  const isBase64Encoded = Buffer.isBuffer(body);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: search,
    headers: lowerCased(headers),
    ...(search && {
      queryStringParameters: Object.fromEntries(
        Object.entries(lists(search)).map(([name, values]) => [name, values.join(',')]),
      ),
    }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'api.execute-api.eu-north-1.amazonaws.com',
      domainPrefix: 'api',
      http: {
        method: method.toUpperCase(),
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: from,
        userAgent: 'test',
      },
      requestId: 'gateway-request',
      routeKey: '$default',
      stage,
      time: '20/Nov/2026:10:00:00 +0000',
      timeEpoch: 1_795_168_800_000,
    },
    ...(body !== undefined && { body: isBase64Encoded ? body.toString('base64') : body }),
    isBase64Encoded,
  };
}

/** What a REST API sends (payload format 1.0). */
export function version1Event(
  { method, path, headers, body, from }: PlainRequest,
  stage = 'v1',
): APIGatewayProxyEvent {
  const { pathname, search } = split(path);
  const multiValue = lists(search);
  const isBase64Encoded = Buffer.isBuffer(body);
  return {
    resource: '/{proxy+}',
    path: pathname,
    httpMethod: method.toUpperCase(),
    headers: { ...headers },
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: search
      ? Object.fromEntries(Object.entries(multiValue).map(([name, values]) => [name, values.at(-1)]))
      : null,
    multiValueQueryStringParameters: search ? multiValue : null,
    pathParameters: null,
    stageVariables: null,
    body: body === undefined ? null : isBase64Encoded ? body.toString('base64') : body,
    isBase64Encoded,
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      authorizer: null,
      protocol: 'HTTP/1.1',
      httpMethod: method.toUpperCase(),
      identity: { sourceIp: from } as APIGatewayProxyEvent['requestContext']['identity'],
      path: `/${stage}${pathname}`,
      stage,
      requestId: 'gateway-request',
      requestTimeEpoch: 1_795_168_800_000,
      resourceId: 'resource',
      resourcePath: '/{proxy+}',
    },
  };
}
