import type { OpenAPIObject } from '@nestjs/swagger';
import { ENUMS } from './enum-names.js';

/** A JSON schema of OpenAPI 3.1, as far as documents of this API use it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  description?: string;
  example?: unknown;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  items?: Schema;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
}

export type Schemas = Record<string, Schema>;

const PREFIX = '#/components/schemas/';
export const refTo = (name: string): Schema => ({ $ref: `${PREFIX}${name}` });
export const nameIn = ({ $ref = '' }: Schema): string => $ref.slice(PREFIX.length);

export const schemasOf = (document: OpenAPIObject): Schemas => document.components?.schemas ?? {};

/** Objects that hold more than what is listed, and what that is. */
const OPEN_MAPS: Readonly<Record<string, boolean | Schema>> = {
  PreferencesDto: true,
  DetailedSpecsDto: { type: ['string', 'null'], maxLength: 200 },
  DetailedSpecsResponse: { type: 'string' },
};

/** Names of answers, where the class has another. */
const NAMES: Readonly<Record<string, string>> = { ErrorSchema: 'ApiError', ErrorDetailSchema: 'ErrorDetail' };

/**
 * Turns what Nest has read from the classes into schemas that every generator of clients reads alike: whole numbers are
 * integers, enumerations have names, booleans are plain, and no name is a class's. Requests and answers differ: only
 * requests refuse other fields, and take `null` for what may be left out.
 */
export function finishSchemas(document: OpenAPIObject): void {
  const schemas = schemasOf(document);
  dropUnused(document, schemas);
  const requested = reachable(document, schemas);
  for (const [name, schema] of Object.entries(schemas)) {
    const open = OPEN_MAPS[name];
    if (open !== undefined) schema.additionalProperties = open;
    for (const property of Object.values(schema.properties ?? {})) applyFormatTag(property);
    if (requested.has(name)) finishRequest(schema, open !== undefined);
  }
  for (const schema of allSchemas(document)) finishValue(schema);
  const text = JSON.stringify(document);
  for (const [name, values] of Object.entries(ENUMS))
    if (text.includes(`"${PREFIX}${name}"`)) schemas[name] = { type: 'string', enum: [...values] };
  rename(document, publicNames(Object.keys(schemas), requested));
}

/** The plugin enters what a handler returns, also where that is no JSON. */
function dropUnused(document: OpenAPIObject, schemas: Schemas): void {
  const text = JSON.stringify(document);
  for (const name of Object.keys(schemas)) if (!text.includes(`"${PREFIX}${name}"`)) delete schemas[name];
}

/** The names of schemas that are in request bodies. */
function reachable(document: OpenAPIObject, schemas: Schemas): Set<string> {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const name = nameIn(node);
    if (name !== '' && !found.has(name)) {
      found.add(name);
      visit(schemas[name]);
    }
    for (const value of Object.values(node)) visit(value);
  };
  for (const path of Object.values(document.paths))
    for (const operation of Object.values(path as object))
      visit((operation as { requestBody?: unknown }).requestBody);
  return found;
}

/** The plugin leaves `@format` in the description. */
function applyFormatTag(property: Schema): void {
  const [tag, format] = /@format ([\w-]+)/.exec(property.description ?? '') ?? [];
  if (tag === undefined || format === undefined) return;
  property.format = format;
  const description = property.description?.replace(tag, '').trim();
  if (description) property.description = description;
  else delete property.description;
}

/** What has a default may be left out; what may be left out may be null. */
function finishRequest(schema: Schema, isOpen: boolean): void {
  const { properties = {} } = schema;
  if (!isOpen && schema.type === 'object') schema.additionalProperties = false;
  const required = schema.required?.filter((name) => properties[name]?.default === undefined);
  if (required && required.length > 0) schema.required = required;
  else delete schema.required;
  for (const [name, property] of Object.entries(properties))
    if (!required?.includes(name)) properties[name] = nullable(property);
}

function nullable(schema: Schema): Schema {
  const { type, $ref, allOf, anyOf, oneOf } = schema;
  if ($ref !== undefined) return { anyOf: [schema, { type: 'null' }] };
  if (allOf) {
    const { allOf: parts, ...others } = schema;
    return { ...others, anyOf: [...(parts ?? []), { type: 'null' }] };
  }
  const kinds = anyOf ?? oneOf;
  if (kinds)
    return kinds.some((kind) => kind.type === 'null')
      ? schema
      : { ...schema, anyOf: [...kinds, { type: 'null' }] };
  const types = [type ?? []].flat();
  if (types.includes('null')) return schema;
  return { ...schema, type: [...types, 'null'], ...(schema.enum && { enum: [...schema.enum, null] }) };
}

/** Every schema of a document, also those inside others. */
function* allSchemas(node: unknown, key = ''): Generator<Schema> {
  if (typeof node !== 'object' || node === null || key === 'example' || key === 'examples') return;
  for (const [name, value] of Object.entries(node)) yield* allSchemas(value, name);
  const { type, enum: values, anyOf, oneOf, allOf, $ref } = node as Schema;
  if (!Array.isArray(node) && (type ?? values ?? anyOf ?? oneOf ?? allOf ?? $ref) !== undefined) yield node;
}

function finishValue(schema: Schema): void {
  const types = [schema.type ?? []].flat();
  if (types.includes('number') && schema.format !== 'double')
    schema.type = single(types.map((type) => (type === 'number' ? 'integer' : type)));
  // A boolean of one value is an enumeration, which most languages have of texts only.
  if (types.includes('boolean')) delete schema.enum;
  if (schema.pattern !== undefined) schema.pattern = portable(schema.pattern);
  if (types.includes('string') && schema.enum) nameEnum(schema, schema.enum);
}

/** `\w` and `\d` mean more in other languages than in JavaScript, and an escaped slash is an error in some. */
const portable = (pattern: string): string =>
  pattern
    .replaceAll('\\/', '/')
    .replaceAll('\\d', '[0-9]')
    .replaceAll(/\[([^\]]*)\\w/g, '[$1A-Za-z0-9_')
    .replaceAll('\\w', '[A-Za-z0-9_]');

const single = (types: string[]): string | string[] => (types.length === 1 ? (types[0] as string) : types);

/** @throws {Error} when an enumeration has no name */
function nameEnum(schema: Schema, values: readonly unknown[]): void {
  const words = values.filter((value) => value !== null) as string[];
  if (words.length < 2) return;
  const name = Object.keys(ENUMS).find((each) => sameWords(ENUMS[each] ?? [], words));
  if (name === undefined) throw new Error(`The enumeration ${words.join(', ')} has no name (enum-names.ts)`);
  delete schema.enum;
  delete schema.type;
  if (words.length < values.length) schema.anyOf = [refTo(name), { type: 'null' }];
  else if (Object.keys(schema).length === 0) Object.assign(schema, refTo(name));
  else schema.allOf = [refTo(name)];
}

const sameWords = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((word) => other.includes(word));

/**
 * The public name of each class: without what it is to Nest. A request that would be called as an answer is that one's
 * input.
 */
function publicNames(classes: readonly string[], requested: ReadonlySet<string>): Map<string, string> {
  const stripped = (name: string) => NAMES[name] ?? name.replace(/(Dto|Response)$/, '');
  const answers = new Set(classes.filter((name) => !requested.has(name)).map(stripped));
  const names = new Map(
    classes.map((name) => {
      const short = stripped(name);
      return [name, requested.has(name) && answers.has(short) ? `${short}Input` : short];
    }),
  );
  if (new Set(names.values()).size < names.size) throw new Error('Two schemas would have one name');
  return names;
}

function rename(document: OpenAPIObject, names: ReadonlyMap<string, string>): void {
  const schemas = schemasOf(document);
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const schema = node as Schema;
    const name = typeof schema.$ref === 'string' ? names.get(nameIn(schema)) : undefined;
    if (name !== undefined) schema.$ref = `${PREFIX}${name}`;
    for (const value of Object.values(node)) visit(value);
  };
  visit(document);
  const renamed = Object.entries(schemas).map(([name, schema]) => [names.get(name) ?? name, schema] as const);
  for (const name of Object.keys(schemas)) delete schemas[name];
  for (const [name, schema] of renamed.toSorted(([one], [other]) => (one < other ? -1 : 1)))
    schemas[name] = schema;
}
