import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { type ErrorDefinition, errorCatalogue } from '../errors/api-error.js';
import { IDEMPOTENCY_IN_PROGRESS, WRITE_CONFLICT } from '../errors/common.errors.js';
import { ErrorEnvelope, PageMeta } from './envelope.dto.js';
import type { Answer } from './describe.decorators.js';
import type { Route } from './routes.js';
import { refTo, type Schema, schemasOf } from './schemas.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Referable<T> = Exclude<T, { $ref: string }>;
export type ResponseObject = Referable<NonNullable<Operation['responses'][string]>>;
type Headers = NonNullable<ResponseObject['headers']>;
type Content = NonNullable<ResponseObject['content']>;

const JSON_TYPE = 'application/json';
const REQUEST_ID = '0b7c1f7e-6f0e-4f0c-9d53-2f6f2a1f6a11';

/** The headers of answers, each described once. */
export const HEADERS = {
  'X-Request-Id': ['Names this request in the log.', REQUEST_ID],
  ETag: ['Names this version: send it as `If-Match` or `If-None-Match`.', '"v1-7hYq3kXw0PzL2mNc"'],
  Location: ['Where it is.', '/v1/quests/01976f2e-7b1a-7c3d-9e8f-2a4b6c8d0e1f'],
  Link: [
    'The next page, if there is one (RFC 8288, rel="next").',
    '</v1/guitars/export?cursor=x>; rel="next"',
  ],
  'Content-Disposition': ['The name of the file.', 'attachment; filename="guitars.csv"'],
  'Idempotent-Replayed': ['`true` when this is the stored answer of an earlier request.', 'true'],
  'WWW-Authenticate': ['How to authenticate (RFC 6750).', 'Bearer'],
  'Retry-After': ['Seconds to wait before the next try.', 30],
  'RateLimit-Limit': ['Requests that are allowed in a window of 60 seconds.', 60],
  'RateLimit-Remaining': ['Requests that are left in this window.', 59],
  'RateLimit-Reset': ['Seconds until the next window.', 42],
} as const satisfies Readonly<Record<string, readonly [string, string | number]>>;
type HeaderName = keyof typeof HEADERS;

export const headerComponents = (): Headers =>
  Object.fromEntries(
    Object.entries(HEADERS).map(([name, [description, example]]) => [
      name,
      { description, schema: { type: typeof example === 'number' ? 'integer' : 'string' }, example },
    ]),
  );

const headersOf = (...names: readonly HeaderName[]): Headers =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const RATE_LIMIT = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'] as const;

/** What an operation answers when it succeeds. The envelope of each is a schema of its own, `CreateQuestAnswer` say. */
export function successes(
  document: OpenAPIObject,
  route: Route,
  method: string,
): Record<string, ResponseObject> {
  const { description, operationId, aliasOf = operationId, idempotent, locates } = route;
  const { gives, accepts, moves, limited, versioned } = description;
  if (!gives) throw new Error(`${operationId} does not say what it gives`);
  const common = ['X-Request-Id', ...(limited ? RATE_LIMIT : [])] as const;
  if (gives.shape === 'nothing')
    return {
      [gives.status]: { description: 'Done; there is nothing to read.', headers: headersOf(...common) },
    };
  const headers = headersOf(
    ...common,
    ...(method === 'get' || versioned || hasVersion(document, gives) ? (['ETag'] as const) : []),
    ...(locates ? (['Location'] as const) : []),
    ...(gives.goesOn ? (['Link', 'Content-Disposition'] as const) : []),
    ...(idempotent ? (['Idempotent-Replayed'] as const) : []),
  );
  const name = `${aliasOf.charAt(0).toUpperCase()}${aliasOf.slice(1)}Answer`;
  const success: ResponseObject = {
    description: describedAs(gives),
    headers,
    content: gives.files ? contentOf(gives.files) : jsonOf(schemaOf(document, name, gives)),
  };
  return {
    [gives.status]: success,
    ...(accepts && {
      202: {
        description: 'Accepted.',
        headers: headersOf(...common),
        content: jsonOf(
          named(document, `${name.replace(/Answer$/, 'Accepted')}Answer`, envelope(modelRef(accepts))),
        ),
      },
    }),
    ...(moves && {
      301: {
        description: 'It has another address for good.',
        headers: headersOf('X-Request-Id', 'Location'),
        content: jsonOf(modelRef(moves)),
      },
    }),
    ...(method === 'get' && {
      304: {
        description: 'Not changed since the ETag in `If-None-Match`.',
        headers: headersOf('X-Request-Id', 'ETag'),
      },
    }),
  };
}

const modelRef = (model: Parameters<typeof getSchemaPath>[0]): Schema => ({ $ref: getSchemaPath(model) });

function schemaOf(document: OpenAPIObject, name: string, gives: Answer): Schema {
  const references = gives.models.map(modelRef);
  const one: Schema = references.length === 1 ? (references[0] as Schema) : { oneOf: references };
  const entry: Schema = gives.orTexts ? { oneOf: [one, { type: 'string' }] } : one;
  const list = (items: Schema): Schema => ({ type: 'array', items });
  const meta = modelRef(PageMeta);
  switch (gives.shape) {
    case 'raw':
    case 'files':
    case 'nothing':
      return one;
    case 'one':
      return named(document, name, envelope(one));
    case 'array':
      return named(document, name, envelope(list(entry)));
    case 'page':
      return named(document, name, envelope(list(one), meta));
    case 'dates':
      return named(document, name, envelope(list({ type: 'string', format: 'date' })));
    default:
      return named(document, name, envelope(list({ type: 'string', format: 'uuid' }), meta));
  }
}

function named(document: OpenAPIObject, name: string, schema: Schema): Schema {
  schemasOf(document)[name] ??= schema;
  return refTo(name);
}

const envelope = (data: Schema, meta?: Schema): Schema => ({
  type: 'object',
  required: ['success', 'data', ...(meta ? ['meta'] : [])],
  properties: { success: { type: 'boolean', example: true }, data, ...(meta && { meta }) },
});

const jsonOf = (schema: Schema): Content => ({ [JSON_TYPE]: { schema } });

/** What is no JSON is bytes to a generated client. */
const contentOf = (files: NonNullable<Answer['files']>): Content =>
  Object.fromEntries(
    Object.entries(files).map(([type, model]) => {
      const schema = model === 'text' ? { type: 'string', format: 'binary' } : modelRef(model);
      return [type, { schema }];
    }),
  ) as Content;

function hasVersion(document: OpenAPIObject, { shape, models }: Answer): boolean {
  const schemas = schemasOf(document);
  return (
    shape === 'one' && models.some((model) => schemas[model.name]?.properties?.['version'] !== undefined)
  );
}

function describedAs({ shape, status }: Answer): string {
  if (status === 201) return 'Created.';
  if (status === 202) return 'Accepted.';
  return {
    one: 'It succeeded.',
    array: 'The whole list.',
    page: 'A page of the list.',
    raw: 'The document, without an envelope.',
    files: 'The file, without an envelope.',
    dates: 'The dates.',
    ids: 'A page of ids.',
    nothing: '',
  }[shape];
}

/** One response a status. `x-error-codes` lists what `error.code` may be. */
export function failures(
  errors: readonly ErrorDefinition[],
  { limited = false }: { readonly limited?: boolean | undefined },
): Record<string, ResponseObject> {
  const byStatus = new Map<number, ErrorDefinition[]>();
  const sorted = [...errors].sort((one, other) => (one.code < other.code ? -1 : 1));
  for (const error of sorted)
    byStatus.set(error.statusCode, [...(byStatus.get(error.statusCode) ?? []), error]);
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [status, failure(status, some, limited)] as const),
  );
}

function failure(status: number, errors: readonly ErrorDefinition[], limited: boolean): ResponseObject {
  const [{ code, message } = { code: '', message: '' }] = errors;
  const codes = errors.map((error) => error.code);
  return {
    description: codes.join(', '),
    'x-error-codes': codes,
    headers: headersOf(
      'X-Request-Id',
      ...(status === 401 ? (['WWW-Authenticate'] as const) : []),
      ...(errors.some(isWorthRetrying) ? (['Retry-After'] as const) : []),
      ...(limited ? RATE_LIMIT : []),
    ),
    content: {
      [JSON_TYPE]: {
        schema: { $ref: getSchemaPath(ErrorEnvelope) },
        example: { success: false, error: { code, message, statusCode: status, requestId: REQUEST_ID } },
      },
    },
  } as ResponseObject;
}

const isWorthRetrying = (error: ErrorDefinition): boolean =>
  error === WRITE_CONFLICT || error === IDEMPOTENCY_IN_PROGRESS || [429, 502, 503].includes(error.statusCode);

/** @throws {Error} when no module defines it: a fault in the code */
export function errorOf(code: string): ErrorDefinition {
  const known = errorCatalogue().find((error) => error.code === code);
  if (!known) throw new Error(`No module defines ${code}`);
  return known;
}
