import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inside } from '../support/inside.js';
import { type Person, TestApp } from '../support/test-app.js';

const CONTEXT = '/v1/context';
const MEMORIES = '/v1/memories';

describe('Context', () => {
  let app: TestApp;
  let ada: Person;
  let eve: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    [ada, eve] = [await app.person('Ada'), await app.person('Eve')];
  });
  afterAll(() => app.stop());

  const put = (type: string, body: object, { client }: Person = ada, headers: Record<string, string> = {}) =>
    client.put(`${CONTEXT}/${type}`, body, { headers });

  it('is kept by type, replaced as a whole, and found again as it was sent', async () => {
    const data = { z: 1, a: { nested: [1, 'two', null, true, 1.5] }, name: 'Ünïcode' };
    const made = await put('assistant', { data });
    expect([made.status, made.data]).toMatchObject([
      200,
      { contextType: 'assistant', data, version: 1, expiresAt: null },
    ]);
    const read = await ada.client.get(`${CONTEXT}/assistant`);
    expect(read.data).toEqual(made.data);
    expect(Object.keys(read.data.data)).toEqual(['z', 'a', 'name']);
    const { data: replaced } = await put('assistant', { data: { other: true } });
    expect(replaced).toMatchObject({ data: { other: true }, version: 2 });
    expect((await ada.client.get(CONTEXT)).data).toContainEqual(replaced);
    expect((await eve.client.get(`${CONTEXT}/assistant`)).error.code).toBe('CONTEXT_NOT_FOUND');
  });

  it('changes only what was seen, under If-Match', async () => {
    const first = await put('seen', { data: { n: 1 } });
    const ifMatch = { 'If-Match': first.headers['etag'] ?? '' };
    expect((await put('seen', { data: { n: 2 } }, ada, ifMatch)).data.version).toBe(2);
    expect((await put('seen', { data: { n: 3 } }, ada, ifMatch)).error.code).toBe('PRECONDITION_FAILED');
    expect((await put('unseen', { data: {} }, ada, { 'If-Match': '*' })).error.code).toBe(
      'PRECONDITION_FAILED',
    );
    expect((await put('seen', { data: { n: 4 } }, ada, { 'If-Match': '*' })).data.version).toBe(3);
    const { error } = await ada.client.delete(`${CONTEXT}/seen`, { headers: ifMatch });
    expect(error.code).toBe('PRECONDITION_FAILED');
    expect((await ada.client.delete(`${CONTEXT}/seen`)).data).toEqual({ contextType: 'seen', deleted: true });
    expect((await ada.client.delete(`${CONTEXT}/seen`)).error.code).toBe('CONTEXT_NOT_FOUND');
  });

  it('says when it ends by itself', async () => {
    const { data } = await put('session', { data: {}, ttlSeconds: 3600 });
    const seconds = (Date.parse(data.expiresAt) - Date.now()) / 1000;
    expect(Math.abs(seconds - 3600)).toBeLessThan(5);
    expect((await put('session', { data: {} })).data.expiresAt).toBe(null);
  });

  it('shows the preferences, which are changed at their own address', async () => {
    await ada.client.put('/v1/user/preferences', { shell: 'fish' });
    expect((await ada.client.get(`${CONTEXT}/preferences`)).data.data).toMatchObject({ shell: 'fish' });
    expect((await put('preferences', { data: {} })).error.code).toBe('CONTEXT_RESERVED');
    expect((await ada.client.delete(`${CONTEXT}/preferences`)).error.code).toBe('CONTEXT_RESERVED');
  });

  it.each([
    ['assistant', {}, 400, 'VALIDATION_ERROR'],
    ['assistant', { data: [] }, 400, 'VALIDATION_ERROR'],
    ['assistant', { data: 'text' }, 400, 'VALIDATION_ERROR'],
    ['assistant', { data: {}, ttlSeconds: 0 }, 400, 'VALIDATION_ERROR'],
    ['assistant', { data: {}, version: 'x' }, 400, 'VALIDATION_ERROR'],
    ['assistant', { data: {}, version: 7 }, 412, 'PRECONDITION_FAILED'],
    ['assistant', { data: {}, expiresAt: '2020-01-01T00:00:00Z' }, 400, 'VALIDATION_ERROR'],
    ['assistant', { data: { text: 'x'.repeat(65_536) } }, 413, 'CONTEXT_TOO_LARGE'],
    ['a%23b', { data: {} }, 400, 'CONTEXT_TYPE_INVALID'],
    ['x'.repeat(65), { data: {} }, 400, 'CONTEXT_TYPE_INVALID'],
    ['%2E%2E', { data: {} }, 400, 'CONTEXT_TYPE_INVALID'],
  ])('refuses %s: %j', async (type, body, status, code) => {
    const answer = await put(type, body);
    expect([answer.status, answer.error.code]).toEqual([status, code]);
  });

  it('takes 64 KB, and fifty types', async () => {
    expect((await put('large', { data: { text: 'x'.repeat(65_500) } })).status).toBe(200);
    const person = await app.person();
    for (let n = 0; n < 50; n += 1)
      expect((await put(`type-${n}`, { data: { n } }, person)).status).toBe(200);
    expect((await put('one-more', { data: {} }, person)).error.code).toBe('CONTEXT_LIMIT');
    expect((await put('type-7', { data: {} }, person)).status).toBe(200);
  });

  inside('tells admins who has a type, and nobody else', async () => {
    const type = 'team:garage';
    await put(type, { data: { secret: 1 } });
    await put(type, { data: { secret: 2 } }, eve);
    const path = `${CONTEXT}/types/${type}/users`;
    const { data, body } = await ada.client.get(path);
    expect(data).toEqual([ada.userId, eve.userId].sort());
    expect(body.meta).toEqual({ count: 2, nextCursor: null });
    expect((await ada.client.get(`${path}?limit=1`)).data).toHaveLength(1);
    await eve.client.delete(`${CONTEXT}/${type}`);
    expect((await ada.client.get(path)).data).toEqual([ada.userId]);
    expect((await eve.client.get(path)).error.code).toBe('AUTH_FORBIDDEN');
    expect((await ada.client.get(`${CONTEXT}/types/preferences/users`)).data).toContain(ada.userId);
  });
});

describe('Memories', () => {
  let app: TestApp;
  let ada: Person;
  let eve: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    [ada, eve] = [await app.person('Ada'), await app.person('Eve')];
  });
  afterAll(() => app.stop());

  const remember = (body: object, { client }: Person = ada) => client.post(MEMORIES, body);

  it('are written down, listed newest first, changed and removed', async () => {
    const made = await remember({ content: 'I use .010 strings', tags: ['strings', 'setup', 'strings'] });
    expect([made.status, made.headers['location']]).toEqual([201, `${MEMORIES}/${made.data.id}`]);
    expect(made.data).toMatchObject({ tags: ['strings', 'setup'], source: 'user', version: 1 });
    const later = (await remember({ content: 'I prefer maple' })).data;
    expect((await ada.client.get(MEMORIES)).data).toEqual([later, made.data]);
    const path = `${MEMORIES}/${made.data.id}`;
    const ifMatch = { headers: { 'If-Match': made.headers['etag'] ?? '' } };
    const changed = await ada.client.patch(path, { content: 'I use .009 strings' }, ifMatch);
    expect(changed.data).toMatchObject({
      content: 'I use .009 strings',
      tags: ['strings', 'setup'],
      version: 2,
    });
    expect((await ada.client.patch(path, { tags: [] }, ifMatch)).status).toBe(412);
    expect((await ada.client.get(path)).data).toEqual(changed.data);
    expect((await ada.client.delete(path)).data).toEqual({ id: made.data.id, deleted: true });
    for (const { error } of [await ada.client.delete(path), await ada.client.get(path)])
      expect(error.code).toBe('MEMORY_NOT_FOUND');
  });

  it('are nobody else’s', async () => {
    const { id } = (await remember({ content: 'Mine' })).data;
    for (const { error } of [
      await eve.client.get(`${MEMORIES}/${id}`),
      await eve.client.patch(`${MEMORIES}/${id}`, { content: 'Hers' }),
      await eve.client.delete(`${MEMORIES}/${id}`),
    ])
      expect(error.code).toBe('MEMORY_NOT_FOUND');
    expect((await eve.client.get(MEMORIES)).data).toEqual([]);
  });

  it.each([
    [{}, 'content'],
    [{ content: '' }, 'content'],
    [{ content: 'x'.repeat(2001) }, 'content'],
    [{ content: 'x', tags: Array(11).fill('x') }, 'tags'],
    [{ content: 'x', tags: [''] }, 'tags'],
    [{ content: 'x', source: 'assistant' }, 'source'],
  ])('refuse %j', async (body, field) => {
    const { status, error } = await remember(body);
    expect([status, error.details?.[0]?.field]).toEqual([400, field]);
  });

  it('are made once under an Idempotency-Key', async () => {
    const once = () =>
      eve.client.post(MEMORIES, { content: 'Once' }, { headers: { 'Idempotency-Key': 'once' } });
    expect((await once()).data).toEqual((await once()).data);
    expect((await eve.client.get(MEMORIES)).data).toHaveLength(1);
  });
});
