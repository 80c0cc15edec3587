import { Gateway } from './gateway.js';
import type { Template } from './template.js';

type Operation = { readonly security?: readonly object[] };
export interface ApiDocument {
  readonly paths: Record<string, Record<string, Operation | readonly object[]>>;
}

export interface Described {
  readonly method: string;
  /** With variables in braces. */
  readonly path: string;
  /** Whether no call of it is answered without a token. */
  readonly needsToken: boolean;
}

export const operationsOf = ({ paths }: ApiDocument): readonly Described[] =>
  Object.entries(paths).flatMap(([path, { servers, ...operations }]) =>
    Object.entries(operations as Record<string, Operation>).map(([method, { security = [] }]) => ({
      method: method.toUpperCase(),
      path: servers ? path : `/v1${path}`,
      needsToken: security.length > 0 && security.every((way) => Object.keys(way).length > 0),
    })),
  );

/** A path that somebody might ask for. */
export const concrete = (path: string): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `some-${name.toLowerCase()}`);

/** What reaches the app though no operation describes it. */
const BEYOND = [
  'GET /docs',
  'GET /docs/swagger-ui.css',
  'GET /openapi.json',
  'HEAD /v1/guitars',
  'PUT /v1/blog/posts',
  'GET /nowhere',
];

/**
 * Where a template's routes are not those of the API's description: every operation must be reached through one route of
 * its own, with the authorizer exactly where it needs a token, and everything else by `$default`.
 * @param checked whether the deployment has an authorizer
 */
export function routeFaults(template: Template, document: ApiDocument, checked = true): string[] {
  const gateway = new Gateway(template);
  const faults: string[] = [];
  const operations = operationsOf(document);
  for (const { method, path, needsToken } of operations) {
    const key = `${method} ${path}`;
    const own = gateway.routes.filter((route) => route.key === key);
    const taken = gateway.route(method, concrete(path));
    const target = key === 'POST /v1/images/upload-complete' ? 'images' : 'api';
    if (own.length !== 1) faults.push(`${key} has ${own.length} routes`);
    if (taken?.key !== key) faults.push(`${key} is swallowed by ${taken?.key}`);
    if (taken?.target !== target) faults.push(`${key} reaches ${taken?.target}`);
    if ((taken?.checked ?? false) !== (checked && needsToken))
      faults.push(`${key} is ${taken?.checked ? '' : 'not '}checked by the gateway`);
  }
  const known = new Set([...operations.map(({ method, path }) => `${method} ${path}`), '$default']);
  for (const { key } of gateway.routes) if (!known.has(key)) faults.push(`${key} is no operation`);
  for (const request of BEYOND) {
    const [method = '', path = ''] = request.split(' ');
    const taken = gateway.route(method, path);
    if (taken?.key !== '$default' || taken.target !== 'api' || taken.checked)
      faults.push(`${request} goes to ${taken?.key}`);
  }
  return faults;
}
