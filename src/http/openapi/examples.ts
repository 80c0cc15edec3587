import type { OpenAPIObject } from '@nestjs/swagger';
import { nameIn, type Schema, type Schemas, schemasOf } from './schemas.js';

const UUID = '01976f2e-7b1a-7c3d-9e8f-2a4b6c8d0e1f';

const BY_FORMAT: Readonly<Record<string, unknown>> = {
  uuid: UUID,
  date: '2030-06-25',
  'date-time': '2030-06-25T18:30:00.000Z',
  uri: 'https://example.com/page',
  email: 'ada@example.com',
  double: 1299.5,
};

/** What a field of this name holds, where its class gives no example. */
const BY_NAME: Readonly<Record<string, unknown>> = {
  accessToken: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIwMTk3NmYyZSJ9.c2lnbmF0dXJl',
  idToken: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIwMTk3NmYyZSJ9.c2lnbmF0dXJl',
  refreshToken: 'Zm9yIG9uZSByZWZyZXNo',
  altText: 'A guitar on its stand',
  brand: 'Fender',
  caption: 'Front',
  category: 'Music',
  city: 'Stockholm',
  code: 'QUEST_NOT_FOUND',
  color: 'Sunburst',
  content: 'New strings: 10-46.',
  contentType: 'image/jpeg',
  contextType: 'assistant',
  description: 'Complete the review by the end of the week',
  fileName: 'front.jpg',
  goalName: 'Read twelve books',
  imageKey: `uploads/${UUID}/${UUID}.jpg`,
  issuer: 'Guild of Luthiers',
  link: '/quests?view=today',
  message: 'The quest does not exist.',
  model: 'Stratocaster',
  month: '2030-06',
  name: 'Ada Example',
  nextCursor: null,
  registrationToken: 'dGhlIHRva2VuIG9mIGEgcmVnaXN0cmF0aW9u',
  rrule: 'FREQ=MONTHLY;BYDAY=-1FR',
  session: 'dGhlIHNlc3Npb24gb2YgYSBjaGFsbGVuZ2U',
  slug: 'how-to-restring',
  tags: ['strings'],
  taskName: 'Review project proposal',
  tech: ['NestJS'],
  title: 'Review project proposal',
  timezone: 'Europe/Stockholm',
  tool: 'create_task',
  userAgent: 'Firefox on Linux',
  username: 'ada',
  version: 1,
};

/** Gives every request and every success one whole example, made of the examples of its fields. */
export function addExamples(document: OpenAPIObject): void {
  const schemas = schemasOf(document);
  for (const path of Object.values(document.paths))
    for (const operation of Object.values(path as object)) addTo(operation as Operation, schemas);
}

interface Media {
  schema?: Schema;
  example?: unknown;
  examples?: unknown;
}
interface Operation {
  requestBody?: { content: Record<string, Media> };
  responses?: Record<string, { content?: Record<string, Media> }>;
  parameters?: { name: string; schema?: Schema; example?: unknown }[];
}

function addTo({ requestBody, responses = {}, parameters = [] }: Operation, schemas: Schemas): void {
  const medias = [requestBody, ...Object.values(responses)].flatMap((each) =>
    Object.entries(each?.content ?? {}).filter(([type]) => type === 'application/json'),
  );
  for (const [, media] of medias)
    if (media.schema && media.example === undefined)
      media.example = exampleOf(
        media.schema,
        schemas,
        '',
        requestBody?.content['application/json'] === media,
      );
  for (const parameter of parameters)
    if (parameter.schema && parameter.example === undefined)
      parameter.example = exampleOf(parameter.schema, schemas, parameter.name, false);
}

/**
 * @param isRequest leaves out what is optional and has no example of its own
 */
function exampleOf(schema: Schema, schemas: Schemas, name: string, isRequest: boolean): unknown {
  const { $ref, allOf, anyOf, oneOf, items, properties, enum: values, type, format } = schema;
  if (schema.example !== undefined) return schema.example;
  if (schema.default !== undefined) return schema.default;
  const within = (inner: Schema | undefined, named = name) =>
    inner && exampleOf(inner, schemas, named, isRequest);
  if ($ref !== undefined) return within(schemas[nameIn(schema)]);
  const first = allOf?.[0] ?? (anyOf ?? oneOf)?.[0];
  if (first) return within(first);
  if (values) return values[0];
  if (properties) return exampleOfObject(schema, schemas, isRequest);
  if (name in BY_NAME && fits(BY_NAME[name], type)) return BY_NAME[name];
  if (format !== undefined && format in BY_FORMAT) return BY_FORMAT[format];
  if (items) return [within(items, name.replace(/s$/, ''))];
  const [kind] = [type ?? []].flat();
  if (kind === 'integer' || kind === 'number') return Math.max(schema.minimum ?? 0, 1);
  if (kind === 'boolean') return true;
  if (kind === 'object') return {};
  return 'text';
}

function exampleOfObject(
  { properties = {}, required = [] }: Schema,
  schemas: Schemas,
  isRequest: boolean,
): object {
  const shown = Object.entries(properties).filter(
    ([name, property]) => !isRequest || required.includes(name) || property.example !== undefined,
  );
  return Object.fromEntries(
    shown.map(([name, property]) => [name, exampleOf(property, schemas, name, isRequest)]),
  );
}

const fits = (value: unknown, type: Schema['type']): boolean => {
  const types = new Set([type ?? []].flat());
  if (value === null) return types.has('null');
  if (Array.isArray(value)) return types.has('array');
  return types.has(typeof value === 'number' ? 'integer' : typeof value);
};
