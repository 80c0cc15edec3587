import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isolatedEnvironment } from '../support/environment.js';
import { RegionProxy } from '../support/region-proxy.js';
import { rowsOf } from '../support/rows.js';
import { PASSWORD, type Person, TestApp } from '../support/test-app.js';

const REPEATED = 6;

/** Reads that are not consistent show what was written 10 to 30 ms later, as in a region they may. */
describe('Where weak reads are late', () => {
  let app: TestApp;
  let region: RegionProxy;
  let owner: Person;
  beforeAll(async () => {
    const environment = await isolatedEnvironment();
    region = await RegionProxy.start(environment, { lag: [10, 30] });
    app = await TestApp.start({
      environment: {
        DYNAMODB_ENDPOINT: region.url,
        DYNAMODB_TABLE_NAME: environment['DYNAMODB_TABLE_NAME'] ?? '',
      },
    });
    owner = await app.owner();
  });
  afterAll(async () => {
    await app.stop();
    await region.stop();
  });

  const statusOf = async ({ client }: Person) => (await client.get('/v1/auth/me')).status;

  it('who has just registered signs in at once', async () => {
    for (let count = 0; count < REPEATED; count += 1) expect(await statusOf(await app.person())).toBe(200);
  });

  it.each<[string, (person: Person) => Promise<unknown>, number]>([
    ['signs out', ({ client, refreshToken }) => client.post('/v1/auth/logout', { refreshToken }), 401],
    ['signs out everywhere', ({ client }) => client.post('/v1/auth/logout-all'), 401],
    ['is disabled', ({ userId }) => owner.client.patch(`/v1/users/${userId}`, { status: 'disabled' }), 401],
    ['leaves', ({ client }) => client.delete('/v1/user', { body: { password: PASSWORD } }), 401],
  ])('a token ends at once when its user %s', async (_, end, status) => {
    for (let count = 0; count < REPEATED; count += 1) {
      const person = await app.person();
      expect(await statusOf(person)).toBe(200);
      await end(person);
      expect([status, 403]).toContain(await statusOf(person));
    }
  });

  it('a role ends at once', async () => {
    for (let count = 0; count < REPEATED; count += 1) {
      const person = await app.person();
      await owner.client.patch(`/v1/users/${person.userId}`, { role: 'admin' });
      expect((await person.client.get('/v1/users')).status).toBe(200);
      await owner.client.patch(`/v1/users/${person.userId}`, { role: 'member' });
      expect((await person.client.get('/v1/users')).status).toBe(403);
    }
  });

  it('another password ends other sessions at once, and the old one with them', async () => {
    for (let count = 0; count < REPEATED; count += 1) {
      const person = await app.person();
      const other = await app.signIn(person.email);
      const change = { currentPassword: PASSWORD, newPassword: 'Corr3ct-pony' };
      expect((await person.client.post('/v1/auth/change-password', change)).status).toBe(200);
      expect(await statusOf(other)).toBe(401);
      await expect(app.signIn(person.email)).rejects.toThrow();
      expect(await statusOf(await app.signIn(person.email, 'Corr3ct-pony'))).toBe(200);
    }
  });

  it('a limit holds', async () => {
    const person = await app.person();
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, number) => person.client.put(`/v1/context/a-${number}`, { data: {} })),
    );
    const more = await Promise.all(
      Array.from({ length: 25 }, (_, number) => person.client.put(`/v1/context/b-${number}`, { data: {} })),
    );
    expect([...answers, ...more].map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect((await person.client.put('/v1/context/more', { data: {} })).error.code).toBe('CONTEXT_LIMIT');
  });

  it('an erasure counts each row once, and leaves none', async () => {
    const person = await app.person();
    const goal = (await person.client.post('/v1/quests', { type: 'goal', title: 'G', dueDate: '2030-01-01' }))
      .data;
    for (let count = 0; count < 5; count += 1)
      await person.client.post('/v1/quests', {
        type: 'task',
        title: `T${count}`,
        dueDate: '2030-01-01',
        goalId: goal.id,
      });
    const { data } = await person.client.delete('/v1/user', { body: { password: PASSWORD } });
    expect(data.deletedCounts).toMatchObject({ tasks: 5, goals: 1 });
    const left = (await rowsOf(app)).filter(({ PK }) => PK === `USER#${person.userId}`);
    expect(left.map(({ EntityType }) => EntityType)).toEqual([]);
  });

  it('lists may be late, and are never wrong', async () => {
    const person = await app.person();
    const titles: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      const title = `Task ${count}`;
      await person.client.post('/v1/quests', { type: 'task', title, dueDate: '2030-06-25' });
      titles.push(title);
      const { data } = await person.client.get('/v1/quests?date=2030-06-25&limit=100');
      const shown = data.map((quest: { title: string }) => quest.title) as string[];
      expect(new Set(shown).size).toBe(shown.length);
      for (const each of shown) expect(titles).toContain(each);
    }
    await region.caughtUp();
    const { data } = await person.client.get('/v1/quests?date=2030-06-25&limit=100');
    expect(data).toHaveLength(titles.length);
  });

  it('feeds may be late, and show no post that is not public', async () => {
    const post = { title: 'Late', excerpt: 'E', content: 'C', category: 'Workshop', tags: ['late'] };
    const { id } = (await owner.client.post('/v1/blog/posts', post)).data;
    const feed = async () => (await app.client.get('/v1/blog/feed.atom')).text;
    expect(await feed()).not.toContain('Late');
    await owner.client.post(`/v1/blog/posts/${id}/publish`);
    await region.caughtUp();
    expect(await feed()).toContain('Late');
    await owner.client.post(`/v1/blog/posts/${id}/unpublish`);
    await region.caughtUp();
    expect(await feed()).not.toContain('Late');
  });
});
