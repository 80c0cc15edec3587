import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { document, operations, resolved, type SchemaObject } from '../support/openapi.js';

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addFormat('double', true);
ajv.addFormat('binary', true);
ajv.addSchema({ $id: 'openapi', ...document });

/** What is wrong with an example, by its schema; nothing where it is right. */
const faultsOf = (schema: SchemaObject, example: unknown): string => {
  const inDocument = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/')) as object;
  const validate = ajv.compile(inDocument);
  return validate(example) ? '' : ajv.errorsText(validate.errors);
};

interface Located {
  readonly at: string;
  readonly schema: SchemaObject;
}

/** Every schema of the document, also those inside others. */
function* schemasIn(node: unknown, at: string): Generator<Located> {
  if (typeof node !== 'object' || node === null) return;
  for (const [name, value] of Object.entries(node))
    if (name !== 'example' && name !== 'examples') yield* schemasIn(value, `${at}/${name}`);
  if (!Array.isArray(node)) yield { at, schema: node };
}
const all = [...schemasIn(document.components.schemas, ''), ...schemasIn(document.paths, '')];
const where = (fault: (schema: SchemaObject) => boolean) =>
  all.filter(({ schema }) => fault(schema)).map(({ at }) => at);
const typesOf = ({ type = [] }: SchemaObject) => [type].flat();
const names = Object.keys(document.components.schemas);
const pascal = (id: string) => id.charAt(0).toUpperCase() + id.slice(1);

describe('The OpenAPI document, for clients in every language', () => {
  it('has no boolean that is an enumeration', () => {
    expect(where((schema) => typesOf(schema).includes('boolean') && schema.enum !== undefined)).toEqual([]);
  });

  it('has whole numbers as integers, and amounts as double', () => {
    expect(where((schema) => typesOf(schema).includes('number') && schema.format !== 'double')).toEqual([]);
  });

  it('has names for its schemas that are no class’s and no generator’s', () => {
    const taken = new Set(operations.flatMap(({ operationId }) => [`${pascal(operationId)}Response`]));
    expect(names.filter((name) => /(Dto|Response|Schema)$/.test(name) || taken.has(name))).toEqual([]);
  });

  it('has names for its enumerations and envelopes', () => {
    expect(
      where(({ enum: words = [] }) => words.filter((word) => word !== null).length > 1).filter(
        (at) => at.split('/').length !== 2,
      ),
    ).toEqual([]);
    const inline = operations.filter(({ responses }) =>
      Object.values(responses).some(
        ({ content }) => content?.['application/json'] && !content['application/json'].schema.$ref,
      ),
    );
    expect(inline.map(({ operationId }) => operationId)).toEqual([]);
  });

  it('has no schema that contains itself', () => {
    const inside = (name: string, seen: readonly string[]): boolean =>
      [...schemasIn(document.components.schemas[name], '')].some(({ schema: { $ref = '' } }) => {
        const inner = $ref.split('/').at(-1) ?? '';
        return inner !== '' && (seen.includes(inner) || inside(inner, [...seen, inner]));
      });
    expect(names.filter((name) => inside(name, [name]))).toEqual([]);
  });

  it('has patterns that mean the same everywhere', () => {
    expect(where(({ pattern = '' }) => /\\[wWdDsSbB/]|\(\?/.test(pattern))).toEqual([]);
  });

  it('says of requests alone that they hold nothing else', () => {
    const requested = new Set<string>();
    const visit = (node: unknown): void => {
      for (const { schema } of schemasIn(node, '')) {
        const name = schema.$ref?.split('/').at(-1);
        if (name === undefined || requested.has(name)) continue;
        requested.add(name);
        visit(document.components.schemas[name]);
      }
    };
    for (const { requestBody } of operations) visit(requestBody);
    const closed = names.filter((name) => document.components.schemas[name]?.additionalProperties === false);
    expect(closed.filter((name) => !requested.has(name))).toEqual([]);
    expect(closed.length).toBeGreaterThan(50);
  });

  it('has one declared tag, a description and a summary for each operation', () => {
    const declared = new Set(
      (document as unknown as { tags: { name: string }[] }).tags.map(({ name }) => name),
    );
    for (const { operationId, tags = [], description = '', summary = '' } of operations) {
      expect([operationId, tags.length, tags.every((tag) => declared.has(tag))]).toEqual([
        operationId,
        1,
        true,
      ]);
      expect([operationId, /^.{5,}\.$/s.test(description), summary.length > 3]).toEqual([
        operationId,
        true,
        true,
      ]);
    }
  });

  it('has a description and an example for each parameter, which fits', () => {
    for (const { operationId, parameters = [] } of operations)
      for (const { name, description, schema, example } of parameters) {
        const what = `${operationId} ${name}`;
        expect([what, description === undefined, example === undefined]).toEqual([what, false, false]);
        expect([what, faultsOf(schema, example)]).toEqual([what, '']);
      }
  });

  it('has a whole example of each request and each success, which fits', () => {
    for (const { operationId, requestBody, responses } of operations) {
      const medias = [['request', requestBody], ...Object.entries(responses)] as const;
      for (const [what, media] of medias) {
        const json = media?.content?.['application/json'];
        if (!json) continue;
        const at = `${operationId} ${what}`;
        expect([at, json.example === undefined]).toEqual([at, false]);
        expect([at, faultsOf(json.schema, json.example)]).toEqual([at, '']);
      }
    }
  });

  it('wants a body only where one of its fields is required', () => {
    for (const { operationId, requestBody } of operations) {
      const schema = resolved(requestBody?.content['application/json']?.schema ?? {});
      if (!requestBody || typesOf(schema).includes('array')) continue;
      const isNeeded = (schema.required ?? []).length > 0;
      expect([operationId, requestBody.required]).toEqual([operationId, isNeeded]);
    }
  });

  it('is served under /v1, and what is at the root under servers of its own', () => {
    const { servers } = document as unknown as { servers: { url: string }[] };
    expect(servers.map(({ url }) => url)).toEqual(['/v1', 'http://localhost:3000/v1']);
    const rooted = operations.filter(({ path, key }) => path === key).map(({ path }) => path);
    expect(new Set(rooted)).toEqual(
      new Set([
        '/',
        '/health',
        '/health/ready',
        '/.well-known/jwks.json',
        '/.well-known/openid-configuration',
        '/register',
        '/reset-password',
        '/undo-email-change',
      ]),
    );
  });
});
