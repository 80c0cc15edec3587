import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { leave, livedIn } from '../support/leaving.js';
import { PASSWORD, TestApp } from '../support/test-app.js';

describe('The export', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
    await app.owner();
  });
  afterAll(() => app.stop());

  it('gives all of a user’s entities, with counts, and nothing that is secret or another’s', async () => {
    const person = await livedIn(app);
    await livedIn(app);
    const { data, body, text } = await person.client.get('/v1/user/export');
    const counts = Object.fromEntries(
      data.map(({ entity, count }: { entity: string; count: number }) => [entity, count]),
    );
    expect(counts).toMatchObject({ profile: 1, tasks: 3, goals: 1, sessions: 2 });
    expect(counts['securityEvents']).toBeGreaterThanOrEqual(3);
    expect(body.meta).toEqual({ count: data.length, nextCursor: null });
    expect(text).not.toMatch(/tokenHash|hash"|secret|codeMac|WriteTokens/);
    const others = /"userId":"([^"]+)"/g;
    expect(new Set([...text.matchAll(others)].map(([, id]) => id))).toEqual(new Set([person.userId]));
  });

  it('comes in pages, whole and without repetition', async () => {
    const person = await app.person();
    const description = 'x'.repeat(2000);
    for (let batch = 0; batch < 11; batch += 1)
      await Promise.all(
        Array.from({ length: 100 }, (_, one) =>
          person.client.post('/v1/quests', {
            type: 'task',
            title: `Task ${batch * 100 + one}`,
            dueDate: '2030-01-01',
            description,
          }),
        ),
      );
    const titles: string[] = [];
    let [cursor, pages] = ['', 0];
    do {
      const { data, body } = await person.client.get(`/v1/user/export${cursor}`);
      pages += 1;
      for (const { entity, count, items } of data) {
        expect(items).toHaveLength(count);
        if (entity === 'tasks') titles.push(...items.map(({ title }: { title: string }) => title));
      }
      cursor = body.meta.nextCursor === null ? '' : `?cursor=${body.meta.nextCursor}`;
    } while (cursor !== '');
    expect(pages).toBeGreaterThan(1);
    expect([titles.length, new Set(titles).size]).toEqual([1100, 1100]);
  });

  it('takes no other cursor than its own', async () => {
    const [ada, eve] = [await app.person(), await app.person()];
    expect((await ada.client.get('/v1/user/export?cursor=nonsense')).error.code).toBe('CURSOR_INVALID');
    expect((await eve.client.get('/v1/user/export?limit=5')).error.code).toBe('VALIDATION_ERROR');
  });
});

describe('The right to leave', () => {
  it('takes the password, closes the account at once, and gives a receipt that anybody may ask for', () =>
    TestApp.with({}, async (app) => {
      await app.owner();
      const person = await livedIn(app);
      const without = await leave(person, {});
      expect([without.status, without.error.details?.[0]?.field]).toEqual([400, 'password']);
      expect((await leave(person, { password: 'Wr0ng-horse' })).error.code).toBe('AUTH_INVALID_CREDENTIALS');
      const left = await leave(person);
      expect(left.status).toBe(202);
      expect(left.data).toMatchObject({ status: 'running', finishedAt: null });
      expect(left.data.deletedCounts).toMatchObject({ tasks: 3, goals: 1, idempotencyKeys: 4, profile: 3 });
      expect((await person.client.get('/v1/auth/me')).status).toBe(401);
      const login = await app.client.post('/v1/auth/login', { email: person.email, password: PASSWORD });
      expect(login.error.code).toBe('AUTH_INVALID_CREDENTIALS');
      const receipt = await app.client.get(`/v1/erasures/${left.data.receiptId}`);
      expect(receipt.data).toEqual(left.data);
      expect(receipt.text).not.toContain(person.userId);
      const unknown = await app.client.get('/v1/erasures/0198c0de-0000-7000-8000-000000000000');
      expect([unknown.status, unknown.error.code]).toEqual([404, 'ERASURE_NOT_FOUND']);
    }));

  it('address and username are free again at once', () =>
    TestApp.with({}, async (app) => {
      await app.owner();
      const person = await livedIn(app);
      await leave(person);
      const body = { email: person.email, password: PASSWORD, name: 'Again' };
      const again = await app.client.post('/v1/auth/register', {
        ...body,
        username: `user-${person.userId.slice(-8)}`,
      });
      expect(again.status).toBe(201);
      expect(again.data.userId).not.toBe(person.userId);
    }));
});
