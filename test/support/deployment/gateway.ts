import { named, ofType, type Template } from './template.js';

/** A route of an HTTP API, as its template has it. */
export interface GatewayRoute {
  /** Such as `GET /v1/guitars/{id}`, or `$default`. */
  readonly key: string;
  /** The function's name in serverless.yml. */
  readonly target: string;
  /** Whether a token is looked at before the function is called. */
  readonly checked: boolean;
}

const isVariable = (segment: string) => segment.startsWith('{');

/** An HTTP API, as far as it chooses a route (AWS: "Create routes for HTTP APIs", routing API requests). */
export class Gateway {
  readonly routes: readonly GatewayRoute[];

  constructor(template: Template) {
    const targets = new Map(
      ofType(template, 'AWS::ApiGatewayV2::Integration').map(([id, { Properties }]) => [
        id,
        String(template.Resources[named(Properties['IntegrationUri']) ?? '']?.Properties['FunctionName'])
          .split('-')
          .at(-1) as string,
      ]),
    );
    this.routes = ofType(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
      const integration = [...targets.keys()].find((id) =>
        JSON.stringify(Properties['Target']).includes(`"${id}"`),
      );
      const authorizer = template.Resources[named(Properties['AuthorizerId']) ?? ''];
      return {
        key: String(Properties['RouteKey']),
        target: targets.get(integration ?? '') ?? '',
        checked:
          Properties['AuthorizationType'] === 'JWT' && authorizer?.Properties['AuthorizerType'] === 'JWT',
      };
    });
  }

  /** The most specific route: segment by segment a name goes before a variable. @param path without a query */
  route(method: string, path: string): GatewayRoute | undefined {
    const matching = this.routes.filter(({ key }) => matches(key, method, path));
    const [best] = matching.toSorted((one, other) =>
      specificity(one.key) < specificity(other.key) ? -1 : 1,
    );
    return best ?? this.routes.find(({ key }) => key === '$default');
  }
}

function matches(key: string, method: string, path: string): boolean {
  const [verb, pattern] = key.split(' ');
  if (pattern === undefined || verb !== method) return false;
  const [expected, given] = [pattern.split('/'), path.split('/')];
  return (
    expected.length === given.length &&
    expected.every((segment, at) => (isVariable(segment) ? given[at] !== '' : segment === given[at]))
  );
}

/** Sorts names before variables, from the left. */
const specificity = (key: string): string =>
  key
    .split('/')
    .map((segment) => (isVariable(segment) ? '1' : '0'))
    .join('');
