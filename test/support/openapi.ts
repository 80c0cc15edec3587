import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { PlainRequest, PlainResponse } from './transport.js';

/** As much of a JSON schema as tests look into. */
export interface SchemaObject {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly additionalProperties?: boolean | SchemaObject;
  readonly enum?: readonly unknown[];
  readonly allOf?: readonly SchemaObject[];
  readonly anyOf?: readonly SchemaObject[];
  readonly oneOf?: readonly SchemaObject[];
  readonly items?: SchemaObject;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaObject>>;
}

interface Documented {
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: Readonly<Record<string, { readonly schema: SchemaObject; readonly example?: unknown }>>;
  /** What `error.code` may be. */
  readonly 'x-error-codes'?: readonly string[];
}

interface Operation {
  readonly operationId: string;
  /** The operation that it is another name of. */
  readonly 'x-alias-of'?: string;
  readonly deprecated?: boolean;
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema: SchemaObject; readonly example?: unknown }>>;
  };
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly description?: string;
    readonly schema: SchemaObject;
    readonly example?: unknown;
  }[];
  readonly security?: readonly Record<string, unknown>[];
  readonly responses: Readonly<Record<string, Documented>>;
}

interface Document {
  readonly paths: Record<string, Record<string, Operation | readonly object[]>>;
  readonly components: {
    readonly schemas: Record<string, SchemaObject>;
    readonly headers: Readonly<Record<string, object>>;
  };
}

export const document = JSON.parse(readFileSync('openapi/openapi.json', 'utf8')) as Document;

/** A schema itself, where it is named, or may be null as well. */
export function resolved(schema: SchemaObject): SchemaObject {
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) return resolved(document.components.schemas[name] ?? {});
  const [only, ...others] = schema.allOf ?? schema.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  return only && others.length === 0 ? resolved(only) : schema;
}

/**
 * The document as tests hold answers against it: a field that it does not list is a fault. (Clients are to expect more
 * fields, so that the document itself says nothing of them.)
 */
const closed = JSON.parse(JSON.stringify(document), (_, value: unknown) => {
  const isObject = typeof value === 'object' && value !== null && 'properties' in value;
  return isObject && !('additionalProperties' in value) ? { ...value, additionalProperties: false } : value;
}) as Document;

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addFormat('double', true);
ajv.addFormat('binary', true);
ajv.addSchema({ $id: 'openapi', ...closed });

export interface DocumentedOperation extends Operation {
  readonly method: string;
  /** By which it is called. */
  readonly path: string;
  /** As the document has it: without the prefix that is in its servers. */
  readonly key: string;
  readonly pattern: RegExp;
}

export const operations: readonly DocumentedOperation[] = Object.entries(document.paths).flatMap(
  ([key, { servers, ...methods }]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => {
      const path = servers ? key : `/v1${key}`;
      const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
      return { ...operation, method, path, key, pattern };
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

/** Headers of which the document says on which answers they are. */
const DESCRIBED_HEADERS = Object.keys(document.components.headers);

/** @throws {Error} when an answer is not what the document says of its operation. */
export function assertDocumented(request: PlainRequest, response: PlainResponse): void {
  const operation = operationOf(request.method, request.path);
  if (!operation || request.method.toLowerCase() === 'options') return;
  const status = String(response.status);
  const documented = operation.responses[status];
  const what = `${request.method} ${request.path} → ${status}`;
  if (!documented) throw new Error(`${what} is not documented: ${response.text}`);
  const unknown = DESCRIBED_HEADERS.filter(
    (name) => response.headers[name.toLowerCase()] !== undefined && !documented.headers?.[name],
  );
  if (unknown.length > 0) throw new Error(`${what} does not document the headers ${unknown.join(', ')}`);
  if (request.method.toLowerCase() === 'head' || !documented.content?.['application/json']) return;
  const [media = ''] = (response.headers['content-type'] ?? '').split(';');
  if (media !== 'application/json' && documented.content[media]) return;
  const path = pointer(
    'paths',
    operation.key,
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
  if (code !== undefined && !documented['x-error-codes']?.includes(code))
    throw new Error(`${what} does not document ${code}`);
}
