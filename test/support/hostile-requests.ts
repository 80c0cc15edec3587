import {
  type DocumentedOperation,
  resolved as resolvedSchema,
  type SchemaObject as Schema,
} from './openapi.js';

/** What people, programs and attackers put where something else is meant. */
export const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53 + 2,
  '',
  'a',
  'x'.repeat(10_000),
  'a\u0000b',
  'line\nline\r\n\tline',
  '\ud800@example.com',
  '\u200b\u00ad\ufeff',
  '\u202Egnirts',
  `a${'\u0315\u0300'.repeat(200)}`,
  '１２３４５６',
  '👩‍👩‍👧‍👦',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '{{7*7}}${7*7}<script>',
  '2025-02-30',
  '9999-12-31T23:59:60Z',
  'http://[::1]:0/\\',
  [],
  [[]],
  [null],
  {},
  { constructor: { prototype: 1 } },
  { toString: 'x', valueOf: 1, length: -1 },
  { a: { b: { c: { d: [{ e: {} }] } } } },
];

/** The same for a query, as it is written in an address. */
export const HOSTILE_QUERIES: readonly string[] = [
  '',
  '%20',
  'a',
  '-1',
  '0',
  '1.5',
  '1e308',
  '99999999999999999999',
  'NaN',
  'null',
  'true',
  '%00',
  '%0A',
  '%ff',
  '%ED%A0%80',
  '%E2%80%AE',
  'a%CC%95%CC%80',
  '%EF%BC%91',
  '__proto__',
  'constructor',
  'toString',
  '../..',
  '%2e%2e%2f',
  '2025-02-30',
  '9999-12-31',
  '0000-00-00',
  '*',
  "'%22%3E%3Csvg%3E",
  'x'.repeat(3000),
];

interface MediaType {
  readonly schema: Schema;
  readonly example?: unknown;
}

const DEEPEST = 4;

const kindOf = ({ type = '' }: Schema): string => [type].flat().find((each) => each !== 'null') ?? '';

/** Of alternatives, the first. */
function resolved(schema: Schema): Schema {
  const named = resolvedSchema(schema);
  return named.oneOf?.[0] ? resolved(named.oneOf[0]) : named;
}

export function bodyOf(operation: DocumentedOperation): MediaType | undefined {
  const { requestBody } = operation as unknown as { requestBody?: { content: Record<string, MediaType> } };
  return requestBody?.content['application/json'];
}

/** A body that its route takes, or nearly: required fields with their examples. */
export function plausibleBody({ schema, example }: MediaType): unknown {
  return example ?? plausible(schema, 0);
}

function plausible(given: Schema, depth: number): unknown {
  if (given.example !== undefined) return given.example;
  const schema = resolved(given);
  if (schema.example !== undefined) return schema.example;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (schema.properties && depth < DEEPEST) {
    const fields = (schema.required ?? []).map((name) => [
      name,
      plausible(schema.properties?.[name] ?? {}, depth + 1),
    ]);
    return Object.fromEntries(fields) as object;
  }
  if (kindOf(schema) === 'array')
    return schema.items && depth < DEEPEST ? [plausible(schema.items, depth + 1)] : [];
  const byType: Record<string, unknown> = { number: 1, integer: 1, boolean: true, object: {} };
  return byType[kindOf(schema)] ?? 'text';
}

/** The paths of all fields of a body, nested ones too. */
export function fieldsOf(given: Schema, depth = 0): (string | number)[][] {
  const schema = resolved(given);
  if (depth >= DEEPEST) return [];
  if (kindOf(schema) === 'array' && schema.items)
    return fieldsOf(schema.items, depth + 1).map((path) => [0, ...path]);
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => [
    [name],
    ...fieldsOf(inner, depth + 1).map((path) => [name, ...path]),
  ]);
}

/** A copy of a body with another value at a path. */
export function withValue(
  body: unknown,
  [step, ...rest]: readonly (string | number)[],
  value: unknown,
): unknown {
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const [first] = Array.isArray(body) ? (body as unknown[]) : [];
    return [withValue(first ?? {}, rest, value)];
  }
  const map = typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {};
  const inner = (map as Record<string, unknown>)[step];
  return { ...map, [step]: withValue(inner, rest, value) };
}
