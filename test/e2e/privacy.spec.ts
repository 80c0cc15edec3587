import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ErasureService } from '../../src/modules/privacy/erasure.service.js';
import { AccountDataRegistry } from '../../src/platform/account-data/account-data.js';
import type { Client } from '../support/client.js';
import { TestClock } from '../support/clock.js';
import { databaseEndpoint } from '../support/environment.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { rowsOf } from '../support/rows.js';
import type { SocketApp } from '../support/socket-app.js';
import { PASSWORD, type Person, TestApp } from '../support/test-app.js';

let calls = 0;
/** From an address of its own each time: failures slow down an address. */
const elsewhere = (client: Client) => {
  calls += 1;
  return client.from(`127.6.${Math.floor(calls / 250)}.${(calls % 250) + 1}`);
};

const leave = ({ client }: Person, body: object = { password: PASSWORD }) =>
  elsewhere(client).delete('/v1/user', { body });

/** Leaves something in every corner: quests under a key, a theme, a username, sessions, codes, a second factor. */
async function livedIn(app: TestApp): Promise<Person> {
  const person = await app.person();
  const { client } = person;
  const task = { type: 'task', title: 'Restring', dueDate: '2030-01-01' };
  await client.post('/v1/quests', { type: 'goal', title: 'Goal', dueDate: '2030-01-01' });
  for (const key of ['one', 'two', 'three'])
    await client.post('/v1/quests', task, { headers: { 'Idempotency-Key': key } });
  await client.put('/v1/user/profile', {
    username: `user-${person.userId.slice(-8)}`,
    theme: 'Dev',
    preferences: { shell: 'fish' },
  });
  await app.signIn(person.email);
  await app.client.post('/v1/auth/forgot-password', { email: person.email });
  await client.post('/v1/auth/mfa/totp');
  await elsewhere(app.client).post('/v1/auth/login', { email: person.email, password: 'Wr0ng-horse' });
  return person;
}

const tracesOf = async (app: TestApp, { userId, email }: Person) =>
  (await rowsOf(app)).filter((row) => {
    const text = JSON.stringify(row);
    return text.includes(userId) || text.includes(email);
  });

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
      expect(left.data.deletedCounts).toMatchObject({ tasks: 3, goals: 1, idempotencyKeys: 3, profile: 3 });
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

declare const HEARTH_TRANSPORT: string;
const overSocket = HEARTH_TRANSPORT === 'socket' ? describe : describe.skip;

overSocket('Erasing', () => {
  const within = async (
    work: (app: TestApp, clock: TestClock, sweep: () => Promise<number>) => Promise<void>,
  ) => {
    const clock = new TestClock();
    await TestApp.with(
      { clock, environment: { SES_TOPIC_ARN: 'arn:aws:sns:eu-north-1:123456789012:ses' } },
      (app) => work(app, clock, () => (app.running as SocketApp).app.get(ErasureService).sweep()),
    );
  };

  it('leaves nothing in the whole table that names the user, and a receipt that says done', () =>
    within(async (app, clock, sweep) => {
      const owner = await app.owner();
      await owner.client.post('/v1/invites', { email: 'someone@example.com' });
      const person = await livedIn(app);
      await owner.client.post('/v1/invites', { email: person.email });
      await owner.client.patch(`/v1/users/${person.userId}`, { role: 'admin' });
      expect((await tracesOf(app, person)).length).toBeGreaterThan(15);
      const { receiptId } = (await leave(person)).data;
      clock.forward({ seconds: 89 });
      expect(await sweep()).toBe(0);
      clock.forward({ seconds: 1 });
      expect(await sweep()).toBe(1);
      expect(await tracesOf(app, person)).toEqual([]);
      const { data } = await app.client.get(`/v1/erasures/${receiptId}`);
      expect(data).toMatchObject({ status: 'done', finishedAt: clock.now().toISOString() });
      expect(await sweep()).toBe(0);
      expect((await tracesOf(app, owner)).length).toBeGreaterThan(0);
    }));

  it('also what another process writes while it still takes the token', () =>
    within(async (app, clock, sweep) => {
      await app.owner();
      const person = await livedIn(app);
      const { receiptId } = (await leave(person)).data;
      // As another process would, whose memory of the account is a minute old.
      const late = { PK: `USER#${person.userId}`, SK: 'AUDIT#late' };
      const { Table } = await import('../../src/platform/dynamodb/table.js');
      const table = (app.running as SocketApp).app.get(Table, { strict: false });
      await table.create(table.stamp({ ...late, EntityType: 'AUDIT' }), () => new Error('there'));
      clock.forward({ seconds: 91 });
      await sweep();
      expect(await tracesOf(app, person)).toEqual([]);
      const { data } = await app.client.get(`/v1/erasures/${receiptId}`);
      expect([data.status, data.deletedCounts.securityEvents > 1]).toEqual(['done', true]);
    }));

  it('that a module forgets would be seen: with any one of them left out, something of the user stays', () =>
    within(async (app, clock, sweep) => {
      await app.owner();
      const registry = (app.running as SocketApp).app.get(AccountDataRegistry, { strict: false });
      const all = [...registry.all()];
      const owners = new Map(all.map((data) => [data.entity, data]));
      const kept = (entity: string) =>
        ({
          mailSuppression: 'no row names an address in clear',
          sessions: 'the account at the provider takes them along',
          invites: 'covered by an invitation of the user’s own address',
        })[entity];
      for (const { entity } of all.filter((data) => kept(data.entity) === undefined)) {
        const person = await livedIn(app);
        const forgotten = owners.get(entity);
        const erase = forgotten?.erase.bind(forgotten);
        Object.assign(forgotten ?? {}, { erase: async () => 0 });
        await leave(person);
        clock.forward({ seconds: 91 });
        await sweep();
        expect([entity, (await tracesOf(app, person)).length > 0]).toEqual([entity, true]);
        Object.assign(forgotten ?? {}, { erase });
      }
    }));

  it('dies anywhere half-way, and is finished by the sweeper, with the same receipt', async () => {
    const proxy = await FaultProxy.start(databaseEndpoint);
    const clock = new TestClock();
    const environment = {
      DYNAMODB_ENDPOINT: proxy.url,
      AWS_REQUEST_TIMEOUT_MS: '150',
      RESPONSE_DEADLINE_MS: '3000',
    };
    await TestApp.with({ clock, environment }, async (app) => {
      await app.owner();
      const sweep = () => (app.running as SocketApp).app.get(ErasureService).sweep();
      for (const breakAfter of [8, 14, 20, 28, 40]) {
        const person = await livedIn(app);
        let left = breakAfter;
        proxy.plan = () => {
          left -= 1;
          return left < 0 ? 'request-limit' : undefined;
        };
        const answer = await leave(person);
        proxy.heal();
        if (answer.status !== 202 && (await person.client.get('/v1/auth/me')).status === 200) {
          // Closed nothing yet: nothing may be gone.
          expect((await person.client.get('/v1/quests?type=task')).data).toHaveLength(3);
          await leave(person);
        }
        clock.forward({ seconds: 91 });
        expect(await sweep()).toBe(1);
        expect([breakAfter, await tracesOf(app, person)]).toEqual([breakAfter, []]);
      }
    });
    await proxy.stop();
  }, 60_000);

  it('two sweepers at once do no harm', () =>
    within(async (app, clock, sweep) => {
      await app.owner();
      const people = [await livedIn(app), await livedIn(app)];
      for (const person of people) await leave(person);
      clock.forward({ seconds: 91 });
      await Promise.all([sweep(), sweep()]);
      for (const person of people) expect(await tracesOf(app, person)).toEqual([]);
      expect(await sweep()).toBe(0);
    }));
});
