import type { OpenAPIObject } from '@nestjs/swagger';
import type { ErrorDefinition } from '../errors/api-error.js';
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
import { errorOf, failures, successes } from './answers.js';
import type { Route } from './routes.js';
import { nameIn, type Schema, schemasOf } from './schemas.js';

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & { 'x-alias-of'?: string };

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Schema;
  example?: unknown;
}

/** Completes what Nest knows of an operation by what its decorators say, and by what follows from its shape. */
export function completeOperation(
  document: OpenAPIObject,
  operation: Operation,
  { method, isPathAlias }: { readonly method: string; readonly isPathAlias: boolean },
  route: Route,
): void {
  describe(operation, route, isPathAlias);
  secure(operation, route);
  // The plugin takes for a parameter what the validation pipe sets.
  const parameters = ((operation.parameters ?? []) as unknown as Parameter[]).filter(
    ({ name }) => name !== 'after',
  );
  operation.parameters = parameters as unknown as NonNullable<Operation['parameters']>;
  for (const parameter of parameters) describeParameter(parameter);
  const errors = errorsOf(operation, parameters, method, route);
  if (route.idempotent) parameters.push(structuredClone(IDEMPOTENCY_KEY));
  if (errors.has(PRECONDITION_FAILED)) parameters.push(structuredClone(IF_MATCH));
  if (method === 'get') parameters.push(structuredClone(IF_NONE_MATCH));
  describeBody(document, operation, route);
  operation.responses = {
    ...successes(document, route, method),
    ...failures([...errors], route.description),
  };
}

/** Another path or method of one handler is another operation to a generated client, which may leave it out. */
function describe(operation: Operation, { operationId, aliasOf }: Route, isPathAlias: boolean): void {
  operation.operationId = isPathAlias ? `${operationId}Alias` : operationId;
  operation.description = operation.summary ?? '';
  // Nest adds the controller's name where only its methods have tags; generators want one tag.
  operation.tags = operation.tags?.slice(-1) ?? [];
  const original = isPathAlias ? operationId : aliasOf;
  operation.summary = asWords(original ?? operationId);
  if (original === undefined) return;
  operation.description = `Another name of \`${original}\`. ${operation.description}`;
  operation.deprecated = true;
  operation['x-alias-of'] = original;
}

/** `createQuest` → `Create quest` */
function asWords(operationId: string): string {
  const words = operationId.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function secure(operation: Operation, { access }: Route): void {
  const bearer = { bearerAuth: [] };
  operation.security = {
    public: [],
    optional: [{}, bearer],
    attempted: [{}, bearer],
    unadmitted: [bearer],
    user: [bearer],
  }[access.level];
}

function errorsOf(
  operation: Operation,
  parameters: readonly Parameter[],
  method: string,
  { access, description, idempotent, ignoresIdempotencyKey }: Route,
): Set<ErrorDefinition> {
  const passed = (description.passes ?? []).map(errorOf);
  const errors = new Set<ErrorDefinition>([...(description.errors ?? []), ...passed]);
  const hasIn = (place: string) => parameters.some((parameter) => parameter.in === place);
  if (operation.requestBody)
    for (const error of [MALFORMED_JSON, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE]) errors.add(error);
  if (operation.requestBody || hasIn('query')) errors.add(description.invalid ?? VALIDATION_ERROR);
  if (hasIn('path')) errors.add(BAD_REQUEST);
  if (parameters.some(({ name }) => name === 'cursor')) errors.add(CURSOR_INVALID);
  if (access.level !== 'public')
    for (const error of [AUTH_UNAUTHORIZED, AUTH_TOKEN_EXPIRED, AUTH_NOT_ADMITTED]) errors.add(error);
  if (access.level === 'user' && access.role !== 'member') errors.add(AUTH_FORBIDDEN);
  if (method === 'post' && !idempotent && !ignoresIdempotencyKey) errors.add(IDEMPOTENCY_KEY_NOT_ALLOWED);
  if (idempotent)
    for (const error of [IDEMPOTENCY_IN_PROGRESS, IDEMPOTENCY_KEY_INVALID, IDEMPOTENCY_MISMATCH])
      errors.add(error);
  if (errors.has(PRECONDITION_FAILED)) errors.add(BAD_REQUEST);
  if (description.limited) errors.add(RATE_LIMITED);
  for (const error of [INTERNAL_ERROR, SERVICE_UNAVAILABLE]) errors.add(error);
  return errors;
}

const header = (name: string, description: string, schema: Schema, example: string): Parameter => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string', ...schema },
  example,
});

const IDEMPOTENCY_KEY = header(
  'Idempotency-Key',
  'Runs the request once, however often it is sent within 24 hours. Printable ASCII; a UUID is a good one.',
  { minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  '5f1d7c1e-3c5a-4b3e-9a55-0f4b5d1c8a77',
);
const IF_MATCH = header(
  'If-Match',
  'The ETag of the version that is to be changed: with another one stored, nothing is changed (412).',
  {},
  '"v1-7hYq3kXw0PzL2mNc"',
);
const IF_NONE_MATCH = header(
  'If-None-Match',
  'The ETag of the answer that you have: 304 if it is still the same.',
  {},
  '"v1-7hYq3kXw0PzL2mNc"',
);

const idOf = (what: string) => ({
  description: `The id of the ${what}, in any case.`,
  schema: { type: 'string', format: 'uuid' },
});

/** What a path parameter is, by its name. */
const PATH_PARAMETERS: Readonly<Record<string, { description: string; schema: Schema }>> = {
  id: idOf('resource'),
  goalId: idOf('goal'),
  guitarId: idOf('guitar'),
  milestoneId: idOf('milestone'),
  noteId: idOf('note'),
  messageId: idOf('message'),
  contentId: idOf('post, project or certification'),
  contentType: {
    description: 'What kind of content it is.',
    schema: { type: 'string', enum: ['blog', 'project', 'certification'] },
  },
  contextType: {
    description: 'The name of the context: letters, digits, dots, colons, dashes and underscores.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9._:-]{1,64}$' },
  },
  slug: { description: 'The slug of the post, a former one included.', schema: { type: 'string' } },
};

/** @throws {Error} when nothing says what a parameter means */
function describeParameter(parameter: Parameter): void {
  if (parameter.in === 'path') Object.assign(parameter, structuredClone(PATH_PARAMETERS[parameter.name]));
  if (!parameter.description) throw new Error(`The parameter ${parameter.name} has no description`);
}

/** A body is required only where one of its fields is. */
function describeBody(document: OpenAPIObject, operation: Operation, { description }: Route): void {
  const body = operation.requestBody;
  if (!body || !('content' in body)) return;
  const contents = Object.values(body.content);
  if (description.example) for (const content of contents) content.example = description.example;
  if (description.takesText) body.content[description.takesText] = { schema: { type: 'string' } };
  // A text is a text to a generated client, whatever is in it.
  if (body.content['text/plain']) body.content['text/plain'] = { schema: { type: 'string' } };
  const schema: Schema = contents[0]?.schema ?? {};
  const { required = [], properties = {} } = schemasOf(document)[nameIn(schema)] ?? {};
  const isList = schema.type === 'array';
  body.required = isList || required.some((name) => properties[name]?.default === undefined);
}
