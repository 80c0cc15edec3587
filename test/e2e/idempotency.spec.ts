import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, TestApp } from '../support/test-app.js';

describe('Idempotency-Key', () => {
  let app: TestApp;
  let ada: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    ada = await app.person();
  });
  afterAll(() => app.stop());

  const task = { type: 'task', title: 'Once', dueDate: '2040-01-01' };
  const send = (key: string, body: object = task, person = ada) =>
    person.client.post('/v1/quests', body, { headers: { 'Idempotency-Key': key } });

  it('a request that is sent again is answered as the first time, and says so', async () => {
    const key = randomUUID();
    const first = await send(key);
    const second = await send(key);
    expect(second.status).toBe(201);
    expect(second.text).toBe(first.text);
    expect(second.headers['location']).toBe(first.headers['location']);
    expect(second.headers['etag']).toBe(first.headers['etag']);
    expect([first.headers['idempotent-replayed'], second.headers['idempotent-replayed']]).toEqual([
      undefined,
      'true',
    ]);
  });

  it('one of many at once does the work; the others wait or get its answer', async () => {
    const key = randomUUID();
    const day = '2041-01-01';
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(key, { ...task, dueDate: day })));
    for (const { status, headers } of answers) {
      expect([201, 409]).toContain(status);
      if (status === 409) expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    expect((await ada.client.get(`/v1/quests?date=${day}`)).data).toHaveLength(1);
  });

  it('another request under the same key is a 422', async () => {
    const key = randomUUID();
    await send(key);
    const { status, error } = await send(key, { ...task, title: 'Twice' });
    expect([status, error.code]).toEqual([422, 'IDEMPOTENCY_MISMATCH']);
  });

  it('a key belongs to its user', async () => {
    const key = randomUUID();
    const eve = await app.person();
    const [mine, hers] = [await send(key), await send(key, task, eve)];
    expect(hers.headers['idempotent-replayed']).toBeUndefined();
    expect(hers.data.id).not.toBe(mine.data.id);
  });

  it('a refused request frees its key', async () => {
    const key = randomUUID();
    expect((await send(key, { ...task, dueDate: 'never' })).status).toBe(400);
    expect((await send(key)).status).toBe(201);
  });

  it.each([
    ['no key at all', ''],
    ['256 characters', 'x'.repeat(256)],
  ])('%s is a 400', async (_, key) => {
    const { status, error } = await send(key);
    expect([status, error.code]).toEqual([400, 'IDEMPOTENCY_KEY_INVALID']);
  });

  it('255 characters are taken', async () => {
    expect((await send('x'.repeat(255))).status).toBe(201);
  });
});
