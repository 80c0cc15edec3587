import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { someAtOnce } from '../../src/platform/some-at-once.js';
import type { Client, Options } from '../support/client.js';
import {
  bodyOf,
  fieldsOf,
  HOSTILE_QUERIES,
  HOSTILE_VALUES,
  plausibleBody,
  withValue,
} from '../support/hostile-requests.js';
import { type DocumentedOperation, operations } from '../support/openapi.js';
import { TestApp } from '../support/test-app.js';

const SENT_AT_ONCE = 8;

/** Operations after which their caller has no account, no session or another password. */
const ENDS_THE_CALLER = new Set([
  'eraseUser',
  'logout',
  'logoutAll',
  'changePassword',
  'verifyTotp',
  'removeTotp',
]);

/**
 * Generated from the document, so that a new route is asked as well: each value into each field of each body and into
 * each parameter of each query. The client holds every answer against the document.
 */
describe('Whatever is sent in the place of what is meant', () => {
  let app: TestApp;
  let client: Client;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    app = await TestApp.start();
    ({ client } = await app.owner());
    const made = async (name: string, path: string, body: object) => {
      const { data, text } = await client.post(path, body);
      const id = (data?.id ?? data?.memoryId ?? data?.conversationId) as string | undefined;
      if (id === undefined) throw new Error(text);
      ids[name] = id;
      return id;
    };
    await made('/v1/quests/{id}', '/v1/quests', { type: 'task', title: 'Restring', dueDate: '2030-06-25' });
    const goal = await made('goalId', '/v1/quests', { type: 'goal', title: 'Play', dueDate: '2030-06-25' });
    await made('milestoneId', `/v1/quests/goals/${goal}/milestones`, { title: 'First song' });
    const rule = { title: 'Scales', frequency: 'daily', startDate: '2030-06-24' };
    await made('/v1/quests/recurrence-rules/{id}', '/v1/quests/recurrence-rules', rule);
    const guitar = await made('/v1/guitars/{id}', '/v1/guitars', {
      brand: 'Fender',
      model: 'Tele',
      year: 1964,
    });
    ids['guitarId'] = guitar;
    await made('noteId', `/v1/guitars/${guitar}/notes`, { content: 'A note' });
    const post = { title: 'T', excerpt: 'E', content: 'C', category: 'Workshop', tags: ['a'] };
    await made('/v1/blog/posts/{id}', '/v1/blog/posts', post);
    await made('/v1/memories/{id}', '/v1/memories', { content: 'Nine gauge' });
    await made('/v1/chat/conversations/{id}', '/v1/chat/conversations', { title: 'Talk' });
    ids['/v1/users/{id}'] = (await app.person()).userId;
    ids['contextType'] = 'assistant';
    ids['contentType'] = 'post';
    ids['slug'] = 't';
  });
  afterAll(() => app.stop());

  const addressOf = ({ path }: DocumentedOperation): string =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const owner = Object.keys(ids).find((prefix) => prefix.endsWith('}') && path.startsWith(prefix));
      return ids[name] ?? (owner && ids[owner]) ?? randomUUID();
    });

  /** A query that its route takes, without one of its parameters. */
  const queryOf = ({ parameters = [] }: DocumentedOperation, without?: string): URLSearchParams => {
    const required = parameters.filter(
      (parameter) =>
        parameter.in === 'query' &&
        parameter.name !== without &&
        ((parameter as { required?: boolean }).required || parameter.name === 'type'),
    );
    return new URLSearchParams(
      Object.fromEntries(
        required.map(({ name, schema }) => [name, (schema as { enum?: string[] }).enum?.[0] ?? 'x']),
      ),
    );
  };

  const callerOf = async ({ operationId }: DocumentedOperation): Promise<Client> =>
    ENDS_THE_CALLER.has(operationId) ? (await app.person()).client : client;

  async function ask(caller: Client, operation: DocumentedOperation, address: string, options: Options) {
    const { status, text } = await caller.request(operation.method.toUpperCase(), address, options);
    if (status >= 500)
      throw new Error(`${operation.operationId} ${address} ${JSON.stringify(options)}: ${text}`);
    expect(Buffer.byteLength(text)).toBeLessThan(status >= 400 ? 64 * 1024 : Number.POSITIVE_INFINITY);
  }

  const bodies = operations.filter((operation) => bodyOf(operation));
  it.each(bodies.map((operation) => [operation.operationId, operation] as const))(
    'the body of %s is answered as documented',
    async (_, operation) => {
      const media = bodyOf(operation);
      if (!media) throw new Error('It has no body');
      const caller = await callerOf(operation);
      const base = plausibleBody(media);
      const address = `${addressOf(operation)}?${queryOf(operation).toString()}`;
      const sent = fieldsOf(media.schema).flatMap((path) =>
        HOSTILE_VALUES.map((value) => withValue(base, path, value)),
      );
      await someAtOnce([...sent, ...HOSTILE_VALUES], SENT_AT_ONCE, (body) =>
        ask(caller, operation, address, { body }),
      );
    },
  );

  const queried = operations.filter(({ parameters = [] }) =>
    parameters.some((parameter) => parameter.in === 'query'),
  );
  it.each(queried.map((operation) => [operation.operationId, operation] as const))(
    'the query of %s is answered as documented',
    async (_, operation) => {
      const caller = await callerOf(operation);
      const names = (operation.parameters ?? [])
        .filter((each) => each.in === 'query')
        .map(({ name }) => name);
      const sent = names.flatMap((name) => {
        const others = queryOf(operation, name).toString();
        const values = HOSTILE_QUERIES.map((value) => `${name}=${value}`);
        return [...values, `${name}=a&${name}=b`, `${name}[]=a`, `${name}[a]=b`].map(
          (each) => `${each}&${others}`,
        );
      });
      await someAtOnce(sent, SENT_AT_ONCE, (query) =>
        ask(caller, operation, `${addressOf(operation)}?${query}`, {}),
      );
    },
  );
});
