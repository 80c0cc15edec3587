import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { PlainRequest, PlainResponse } from './transport.js';

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly security?: readonly Record<string, unknown>[];
  readonly responses: Record<
    string,
    { content?: Record<string, { schema: unknown; examples?: Record<string, unknown> }> }
  >;
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, { readonly properties?: Record<string, object> }> };
}

export const document = JSON.parse(readFileSync('openapi/openapi.json', 'utf8')) as Document;

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'openapi', ...document });

export interface DocumentedOperation extends Operation {
  readonly method: string;
  readonly path: string;
  readonly pattern: RegExp;
}

export const operations: readonly DocumentedOperation[] = Object.entries(document.paths).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
      return { ...operation, method, path, pattern };
    }),
);

const validators = new Map<string, ValidateFunction>();
const pointer = (...parts: string[]) =>
  parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');

/** The documented operation that a request is, if it is one. Paths without parameters come first. */
export function operationOf(method: string, path: string): DocumentedOperation | undefined {
  const pathname = path.split('?')[0] ?? '';
  const wanted = method.toLowerCase() === 'head' ? 'get' : method.toLowerCase();
  const matches = operations.filter(
    (operation) => operation.method === wanted && operation.pattern.test(pathname),
  );
  return matches.sort((one, other) => one.path.split('{').length - other.path.split('{').length)[0];
}

/** @throws {Error} when an answer is not what the document says of its operation. */
export function assertDocumented(request: PlainRequest, response: PlainResponse): void {
  const operation = operationOf(request.method, request.path);
  if (!operation || request.method.toLowerCase() === 'options') return;
  const status = String(response.status);
  const documented = operation.responses[status];
  const what = `${request.method} ${request.path} → ${status}`;
  if (!documented) throw new Error(`${what} is not documented: ${response.text}`);
  if (request.method.toLowerCase() === 'head' || !documented.content?.['application/json']) return;
  const [media = ''] = (response.headers['content-type'] ?? '').split(';');
  if (media !== 'application/json' && documented.content[media]) return;
  const path = pointer(
    'paths',
    operation.path,
    operation.method,
    'responses',
    status,
    'content',
    'application/json',
    'schema',
  );
  const validate = validators.get(path) ?? ajv.compile({ $ref: `openapi#/${path}` });
  validators.set(path, validate);
  const body: unknown = JSON.parse(response.text);
  if (!validate(body))
    throw new Error(`${what} is not as documented: ${ajv.errorsText(validate.errors)}\n${response.text}`);
  const code = (body as { error?: { code: string } }).error?.code;
  const examples = documented.content['application/json']?.examples ?? {};
  if (code !== undefined && !Object.hasOwn(examples, code))
    throw new Error(`${what} does not document ${code}`);
}
