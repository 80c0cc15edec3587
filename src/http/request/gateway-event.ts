import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';

export type GatewayEvent = APIGatewayProxyEvent | APIGatewayProxyEventV2;

/** Payload format 2.0 is an HTTP API's, 1.0 a REST API's; seed 000 asks for both. */
export function isVersion2(event: GatewayEvent): event is APIGatewayProxyEventV2 {
  return (event as { version?: string }).version === '2.0';
}

/**
 * The event with its path as a client of this API writes it. serverless-express takes no stage off a path, and an
 * HTTP API decodes the path before it hands it over, which Express would do once more.
 */
export function withPlainPath(event: GatewayEvent): GatewayEvent {
  if (isVersion2(event)) {
    const { stage } = event.requestContext;
    const rawPath = stage === '$default' ? event.rawPath : withoutStage(event.rawPath, stage);
    return {
      ...event,
      headers: event.headers ?? {},
      rawPath: encodeURI(rawPath).replaceAll('?', '%3F').replaceAll('#', '%23'),
    };
  }
  const { stage, path: contextPath } = event.requestContext;
  // A REST API's event shows the stage in the context only; a version such as /v1 is no stage of that name.
  const path = event.path === contextPath ? withoutStage(event.path, stage) : event.path;
  return {
    ...event,
    path: encodeURI(path).replaceAll('%25', '%'),
    multiValueQueryStringParameters:
      event.multiValueQueryStringParameters ?? asLists(event.queryStringParameters),
  };
}

function withoutStage(path: string, stage: string): string {
  return path === `/${stage}` || path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) || '/' : path;
}

function asLists(parameters: APIGatewayProxyEvent['queryStringParameters']): Record<string, string[]> {
  const entries = Object.entries(parameters ?? {}).map(([name, value]): [string, string[]] => [
    name,
    [value ?? ''],
  ]);
  return Object.fromEntries(entries);
}
