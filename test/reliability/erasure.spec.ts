import { describe, expect, it } from '@jest/globals';
import { ErasureService } from '../../src/modules/privacy/erasure.service.js';
import { type AccountData, AccountDataRegistry } from '../../src/platform/account-data/account-data.js';
import { Table } from '../../src/platform/dynamodb/table.js';
import { IDENTITY, type IdentityProvider } from '../../src/platform/identity/identity-provider.js';
import { someAtOnce } from '../../src/platform/some-at-once.js';
import { actingAs } from '../support/aws-calls.js';
import { TestClock } from '../support/clock.js';
import { databaseEndpoint } from '../support/environment.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { leave, livedIn, tracesOf } from '../support/leaving.js';
import type { SocketApp } from '../support/socket-app.js';
import { type Person, TestApp } from '../support/test-app.js';

/** The sweeper, as far as erasures go. */
const sweepOf = (app: TestApp) =>
  actingAs('sweep', () => (app.running as SocketApp).app.get(ErasureService).sweep());

describe('Erasing', () => {
  const within = async (
    test: (app: TestApp, clock: TestClock, sweep: () => Promise<number>) => Promise<void>,
  ) => {
    const clock = new TestClock();
    await TestApp.with(
      { clock, environment: { SES_TOPIC_ARN: 'arn:aws:sns:eu-north-1:123456789012:ses' } },
      (app) => test(app, clock, () => sweepOf(app)),
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
      clock.forward({ seconds: 389 });
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
      const table = (app.running as SocketApp).app.get(Table, { strict: false });
      await table.create(table.stamp({ ...late, EntityType: 'AUDIT' }), () => new Error('there'));
      clock.forward({ seconds: 391 });
      await sweep();
      expect(await tracesOf(app, person)).toEqual([]);
      const { data } = await app.client.get(`/v1/erasures/${receiptId}`);
      expect([data.status, data.deletedCounts.securityEvents > 1]).toEqual(['done', true]);
    }));

  it('that a module forgets would be seen: with any one of them left out, something of the user stays', () =>
    within(async (app, clock, sweep) => {
      await app.owner();
      const registry = (app.running as SocketApp).app.get(AccountDataRegistry, { strict: false });
      const all = [...(await registry.list())];
      const kept = (entity: string) =>
        ({
          chatActions: 'they go with their conversations',
          mailSuppression: 'no row names an address in clear',
          sessions: 'the account at the provider takes them along',
          invites: 'covered by an invitation of the user’s own address',
        })[entity];
      const forgotten = all.filter((data) => kept(data.entity) === undefined);
      // One person each, of whom one module forgets what it has.
      const people = new Map<string, Person>();
      await someAtOnce(forgotten, 4, async (data) => {
        const person = await livedIn(app);
        people.set(data.entity, person);
        const erase = data.erase.bind(data);
        const forgetting: AccountData['erase'] = async (account) =>
          account.userId === person.userId ? 0 : erase(account);
        Object.assign(data, { erase: forgetting });
      });
      await someAtOnce([...people.values()], 4, (person) => leave(person));
      clock.forward({ seconds: 391 });
      await sweep();
      const left: string[] = [];
      for (const [entity, person] of people) if ((await tracesOf(app, person)).length > 0) left.push(entity);
      expect(left.sort()).toEqual(forgotten.map(({ entity }) => entity).sort());
    }));

  it('dies anywhere half-way, and is finished by the sweeper, with the same receipt', async () => {
    const proxy = await FaultProxy.start(databaseEndpoint);
    const clock = new TestClock();
    const environment = {
      DYNAMODB_ENDPOINT: proxy.url,
    };
    await TestApp.with({ clock, environment }, async (app) => {
      await app.owner();
      const sweep = () => sweepOf(app);
      for (const breakAfter of [8, 16, 28, 40]) {
        const person = await livedIn(app);
        let left = breakAfter;
        proxy.plan = () => {
          left -= 1;
          return left < 0 ? 'internal-error' : undefined;
        };
        const answer = await leave(person);
        proxy.heal();
        if (answer.status !== 202 && (await person.client.get('/v1/auth/me')).status === 200) {
          // Closed nothing yet: nothing may be gone.
          expect((await person.client.get('/v1/quests?type=task')).data).toHaveLength(3);
          expect((await leave(person)).status).toBe(202);
        }
        clock.forward({ seconds: 391 });
        expect(await sweep()).toBe(1);
        expect([breakAfter, await tracesOf(app, person)]).toEqual([breakAfter, []]);
      }
    });
    await proxy.stop();
  });

  it('cannot be called off: the account takes no other change, and no name that would stay behind', () =>
    within(async (app, clock, sweep) => {
      const owner = await app.owner();
      const person = await app.person();
      const other = await app.another({}, clock);
      const there = other.client.as(person.accessToken);
      expect((await there.get('/v1/auth/me')).status).toBe(200);
      await owner.client.patch(`/v1/users/${person.userId}`, { role: 'owner' });
      // Dies right after closing: the row stays until the sweeper comes.
      const { directory } = (app.running as SocketApp).app.get<IdentityProvider>(IDENTITY, { strict: false });
      const remove = directory.remove.bind(directory);
      directory.remove = async () => {
        throw new Error('scripted');
      };
      expect((await leave(person)).status).toBe(202);
      directory.remove = remove;
      const revived = await owner.client.patch(`/v1/users/${person.userId}`, { status: 'active' });
      expect([revived.status, revived.error.code]).toEqual([404, 'USER_NOT_FOUND']);
      await there.put('/v1/user/profile', { username: 'left-behind' });
      clock.forward({ seconds: 391 });
      expect(await sweep()).toBe(1);
      expect(await tracesOf(app, person)).toEqual([]);
      const alone = await app.signIn(owner.email);
      const demoted = await alone.client.patch(`/v1/users/${owner.userId}`, { role: 'member' });
      expect(demoted.error.code).toBe('LAST_OWNER');
    }));

  it('two sweepers at once do no harm', () =>
    within(async (app, clock, sweep) => {
      await app.owner();
      const people = [await livedIn(app), await livedIn(app)];
      for (const person of people) await leave(person);
      clock.forward({ seconds: 391 });
      await Promise.all([sweep(), sweep()]);
      for (const person of people) expect(await tracesOf(app, person)).toEqual([]);
      expect(await sweep()).toBe(0);
    }));
});
