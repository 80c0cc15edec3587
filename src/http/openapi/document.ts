import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, getSchemaPath, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { VERSION } from '../../config/version.js';
import { type ErrorDefinition, errorCatalogue } from '../errors/api-error.js';
import {
  AUTH_FORBIDDEN,
  AUTH_NOT_ADMITTED,
  AUTH_TOKEN_EXPIRED,
  AUTH_UNAUTHORIZED,
  BAD_REQUEST,
  CURSOR_INVALID,
  IDEMPOTENCY_IN_PROGRESS,
  IDEMPOTENCY_KEY_INVALID,
  IDEMPOTENCY_KEY_NOT_ALLOWED,
  IDEMPOTENCY_MISMATCH,
  INTERNAL_ERROR,
  MALFORMED_JSON,
  PAYLOAD_TOO_LARGE,
  PRECONDITION_FAILED,
  RATE_LIMITED,
  SERVICE_UNAVAILABLE,
  UNSUPPORTED_MEDIA_TYPE,
  VALIDATION_ERROR,
} from '../errors/common.errors.js';
import { ErrorEnvelope, PageMeta } from './envelope.dto.js';
import type { Answer } from './describe.decorators.js';
import { operationIdOf, type Route, routesOf } from './routes.js';

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Referable<T> = Exclude<T, { $ref: string }>;
type ParameterObject = Referable<NonNullable<OperationObject['parameters']>[number]>;
type ResponseObject = Referable<NonNullable<OperationObject['responses'][string]>>;
type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];
type SchemaObject = Referable<Schema>;
type ReferenceObject = Extract<Schema, { $ref: string }>;

const TAGS: readonly [string, string][] = [
  ['System', 'Whether the API runs, and what its errors mean.'],
  ['Authentication', 'Accounts, sign-in and tokens.'],
  ['Users', 'Profile, preferences, administration, and the right to leave.'],
  ['Invites', 'Who may join.'],
  ['Webhooks', 'What other services report.'],
  ['Quests', 'Goals, tasks, and rules by which tasks recur.'],
  ['Notifications', 'What a person is told, how, and when.'],
  ['Guitars', 'A collection, with notes, photos and what it is worth.'],
  ['Images', 'Photos and receipts: uploaded past this API, then looked at.'],
  ['Portfolio', 'What the public site is called, and the résumé.'],
  ['Blog Posts', 'Posts in Markdown, from draft to feed.'],
  ['Projects', 'What was made.'],
  ['Certifications', 'What was learnt, and until when it holds.'],
  ['Visitors', 'How many came; nothing that tells who.'],
  ['Analytics', 'What was looked at, and how that changes.'],
  ['Chat', 'An assistant that remembers, and acts on what is the caller’s own.'],
  ['Context', 'What the assistant knows of the caller: theirs to see, change and remove.'],
];

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/**
 * The OpenAPI document: what Nest's plugin reads from the code, completed by what the decorators say of answers and
 * errors, and by what follows from a route's shape (401 where a token is needed, 415 where a body is taken, …).
 */
export function buildDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Hearth')
    .setVersion(VERSION)
    .setDescription(DESCRIPTION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'Where this document comes from')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearerAuth');
  for (const [name, description] of TAGS) builder.addTag(name, description);

  const routes = routesOf(app);
  const models = routes.flatMap(({ description: { gives, accepts, moves } }) => [
    ...(gives?.models ?? []),
    ...(accepts ? [accepts] : []),
    ...(moves ? [moves] : []),
  ]);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: operationIdOf,
    extraModels: [...models, ErrorEnvelope, PageMeta],
  });
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (!operation) continue;
      const [, id, alias = '0'] = /^(\w+)(?:\[(\d+)\])?$/.exec(operation.operationId ?? '') ?? [];
      const route = routes.find(({ operationId }) => operationId === id);
      if (!route) throw new Error(`No handler is known for the operation ${operation.operationId}`);
      nameOperation(operation, route.operationId, alias !== '0');
      complete(operation, method, route);
    }
  }
  dropUnused(document);
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
    finish(schema as SchemaObject, OPEN_MAPS.has(name));
  }
  return document;
}

/** The plugin enters what a handler returns, also where that is no JSON. */
function dropUnused(document: OpenAPIObject): void {
  const text = JSON.stringify(document);
  const schemas = document.components?.schemas ?? {};
  for (const name of Object.keys(schemas))
    if (!text.includes(`"#/components/schemas/${name}"`)) delete schemas[name];
}

/** Objects that hold what the client likes; all others hold what is listed and nothing else. */
const OPEN_MAPS = new Set(['PreferencesDto']);

/** The plugin leaves `@format` in the description. */
function finish(schema: SchemaObject, open: boolean): void {
  schema.additionalProperties = open;
  for (const property of Object.values(schema.properties ?? {}) as SchemaObject[]) {
    const [tag, format] = /@format ([\w-]+)/.exec(property.description ?? '') ?? [];
    if (tag === undefined) continue;
    property.format = format;
    const description = property.description?.replace(tag, '').trim();
    if (description) property.description = description;
    else delete property.description;
  }
}

const DESCRIPTION = [
  'One backend for what a person builds for themselves.',
  '',
  'Every success is `{"success":true,"data":…,"meta"?}`, every failure `{"success":false,"error":{…}}` with a code of',
  '`GET /v1/errors`. Lists take `limit` and `cursor`; `meta.nextCursor` is null on the last page. Single resources carry',
  'an `ETag`: send it as `If-Match` to change only what you have seen, as `If-None-Match` to save the answer. Creating',
  'POSTs take an `Idempotency-Key`. Every answer has an `X-Request-Id`.',
  '',
  'Behind API Gateway, the gateway itself may refuse a request (401, 413, 429, 503) with its own body',
  '`{"message":…}` before it reaches the API; where a firewall stands before that, whoever goes past it is refused with',
  '403 `ORIGIN_REFUSED`.',
].join('\n');

/** A path that is another name of one handler is another operation to a generated client. */
function nameOperation(operation: OperationObject, id: string, alias: boolean): void {
  operation.operationId = alias ? `${id}Alias` : id;
  if (alias) operation.summary = `Another name of ${id}.`;
}

function complete(operation: OperationObject, method: string, route: Route): void {
  const { access, description, idempotent, ignoresIdempotencyKey } = route;
  const bearer = { bearerAuth: [] };
  operation.security = {
    public: [],
    optional: [{}, bearer],
    attempted: [{}, bearer],
    unadmitted: [bearer],
    user: [bearer],
  }[access.level];
  // The plugin takes for a parameter what the validation pipe sets.
  const parameters = (operation.parameters ?? []).filter(
    (parameter) => !('name' in parameter && parameter.name === 'after'),
  );
  operation.parameters = parameters;
  const takes = (name: string) =>
    parameters.some((parameter) => 'name' in parameter && parameter.name === name);
  const passed = (description.passes ?? []).map(errorOf);
  const errors = new Set<ErrorDefinition>([...(description.errors ?? []), ...passed]);
  if (operation.requestBody)
    for (const error of [MALFORMED_JSON, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE]) errors.add(error);
  if (
    operation.requestBody ||
    parameters.some((parameter) => 'in' in parameter && parameter.in === 'query')
  ) {
    errors.add(description.invalid ?? VALIDATION_ERROR);
  }
  if (parameters.some((parameter) => 'in' in parameter && parameter.in === 'path')) errors.add(BAD_REQUEST);
  if (takes('cursor')) errors.add(CURSOR_INVALID);
  if (access.level !== 'public')
    for (const error of [AUTH_UNAUTHORIZED, AUTH_TOKEN_EXPIRED, AUTH_NOT_ADMITTED]) errors.add(error);
  if (access.level === 'user' && access.role !== 'member') errors.add(AUTH_FORBIDDEN);
  if (method === 'post' && !idempotent && !ignoresIdempotencyKey) errors.add(IDEMPOTENCY_KEY_NOT_ALLOWED);
  if (idempotent) {
    parameters.push(
      header('Idempotency-Key', 'Runs the request once, however often it is sent within 24 hours.'),
    );
    for (const error of [IDEMPOTENCY_IN_PROGRESS, IDEMPOTENCY_KEY_INVALID, IDEMPOTENCY_MISMATCH])
      errors.add(error);
  }
  if (errors.has(PRECONDITION_FAILED)) {
    errors.add(BAD_REQUEST);
    parameters.push(header('If-Match', 'The ETag of the version that is to be changed.'));
  }
  if (method === 'get')
    parameters.push(header('If-None-Match', 'The ETag of the answer that is known already.'));
  for (const error of [INTERNAL_ERROR, SERVICE_UNAVAILABLE]) errors.add(error);
  if (description.limited) errors.add(RATE_LIMITED);

  const body = operation.requestBody;
  if (description.example && body && 'content' in body) {
    for (const content of Object.values(body.content)) content.example = description.example;
  }
  if (description.takesText && body && 'content' in body)
    body.content[description.takesText] = { schema: { type: 'string' } };
  operation.responses = { ...successes(route, method, idempotent), ...failures([...errors]) };
}

const header = (name: string, description: string): ParameterObject => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string', maxLength: name === 'Idempotency-Key' ? 255 : 1000 },
});

function successes(
  { description: { gives, accepts, moves }, operationId, locates }: Route,
  method: string,
  idempotent: boolean,
): Record<string, ResponseObject> {
  if (!gives) throw new Error(`${operationId} does not say what it gives`);
  if (gives.shape === 'nothing') return { [gives.status]: { description: 'Done.' } };
  const references = gives.models.map((model) => ({ $ref: getSchemaPath(model) }));
  const one = references.length === 1 ? (references[0] as ReferenceObject) : { oneOf: references };
  const schema = {
    one: envelope(one),
    array: envelope({ type: 'array', items: one }),
    page: envelope({ type: 'array', items: one }, { $ref: getSchemaPath(PageMeta) }),
    raw: one,
    dates: envelope({ type: 'array', items: { type: 'string', format: 'date' } }),
    ids: envelope(
      { type: 'array', items: { type: 'string', format: 'uuid' } },
      { $ref: getSchemaPath(PageMeta) },
    ),
    files: one,
  }[gives.shape];
  const headers: ResponseObject['headers'] = {
    'X-Request-Id': { description: 'Names this request in the log.', schema: { type: 'string' } },
    ...(locates && {
      Location: { description: 'Where it is now.', schema: { type: 'string' } },
    }),
    ...(gives.goesOn && {
      Link: {
        description: 'Where it goes on, if it does (RFC 8288, rel="next").',
        schema: { type: 'string' },
      },
    }),
    ...(method === 'get' && { ETag: { description: 'Names this version.', schema: { type: 'string' } } }),
    ...(idempotent && {
      'Idempotent-Replayed': {
        description: 'true when this is the stored answer.',
        schema: { type: 'string' },
      },
    }),
  };
  const success: ResponseObject = {
    description: gives.status === 201 ? 'Made.' : 'Done.',
    headers,
    content: gives.files ? contentOf(gives.files) : { 'application/json': { schema } },
  };
  return {
    [gives.status]: success,
    ...(accepts && {
      202: {
        description: 'Taken in.',
        content: { 'application/json': { schema: envelope({ $ref: getSchemaPath(accepts) }) } },
      },
    }),
    ...(moves && {
      301: {
        description: 'It has another address for good.',
        headers: { Location: { description: 'Where it is now.', schema: { type: 'string' } } },
        content: { 'application/json': { schema: { $ref: getSchemaPath(moves) } } },
      },
    }),
    ...(method === 'get' && { 304: { description: 'Not changed since the ETag in If-None-Match.' } }),
  };
}

/** @throws {Error} when no module defines it: a fault in the code */
function errorOf(code: string): ErrorDefinition {
  const known = errorCatalogue().find((error) => error.code === code);
  if (!known) throw new Error(`No module defines ${code}`);
  return known;
}

const contentOf = (files: NonNullable<Answer['files']>): ResponseObject['content'] =>
  Object.fromEntries(
    Object.entries(files).map(([type, model]) => [
      type,
      { schema: model === 'text' ? { type: 'string' } : { $ref: getSchemaPath(model) } },
    ]),
  );

function envelope(data: SchemaObject | ReferenceObject, meta?: ReferenceObject): SchemaObject {
  return {
    type: 'object',
    required: ['success', 'data', ...(meta ? ['meta'] : [])],
    properties: { success: { type: 'boolean', enum: [true] }, data, ...(meta && { meta }) },
    additionalProperties: false,
  };
}

/** One response a status, with an example a code. */
function failures(errors: readonly ErrorDefinition[]): Record<string, ResponseObject> {
  const responses: Record<string, ResponseObject> = {};
  for (const { code, statusCode, message } of [...errors].sort((one, other) =>
    one.code < other.code ? -1 : 1,
  )) {
    const known = responses[statusCode];
    const examples = {
      ...known?.content?.['application/json']?.examples,
      [code]: { value: { success: false, error: { code, message, statusCode, requestId: REQUEST_ID } } },
    };
    responses[statusCode] = {
      description: Object.keys(examples).join(', '),
      content: { 'application/json': { schema: { $ref: getSchemaPath(ErrorEnvelope) }, examples } },
    };
  }
  return responses;
}

const REQUEST_ID = '0b7c1f7e-6f0e-4f0c-9d53-2f6f2a1f6a11';
