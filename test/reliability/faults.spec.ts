import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../support/client.js';
import { TestClock } from '../support/clock.js';
import { databaseEndpoint, HASTY } from '../support/environment.js';
import { type Fault, FaultProxy, FAULTS } from '../support/fault-proxy.js';
import { browsing, POST, PROJECT } from '../support/portfolio.js';
import { rowsOf } from '../support/rows.js';
import { type Person, PASSWORD, TestApp } from '../support/test-app.js';
import { work } from '../support/work.js';

/** What the hasty application may take; the other is patient, since these machines may be slow. */
const DEADLINE_MS = 900;

describe('When DynamoDB fails', () => {
  let proxy: FaultProxy;
  let app: TestApp;
  let ada: Person;
  let bob: Person;
  const clock = new TestClock();

  beforeAll(async () => {
    proxy = await FaultProxy.start(databaseEndpoint);
    const environment = { DYNAMODB_ENDPOINT: proxy.url, ...HASTY };
    app = await TestApp.start({ environment, clock });
    ada = await app.person('Ada');
    bob = await app.person('Bob');
  });
  afterEach(() => proxy.heal());
  afterAll(async () => {
    await app.stop();
    await proxy.stop();
  });

  const task = (fields: object = {}) => ({
    type: 'task',
    title: 'Restring',
    dueDate: '2025-06-25',
    ...fields,
  });
  const create = async (fields: object = {}) => (await ada.client.post('/v1/quests', task(fields))).data;

  describe('what the SDK sends again is done once', () => {
    it('a create whose answer is lost', async () => {
      proxy.fail('reset-after', { operation: 'PutItem', times: 1 });
      const before = proxy.calls.length;
      const { status, data } = await ada.client.post('/v1/quests', task({ dueDate: '2050-01-01' }));
      expect(status).toBe(201);
      expect(proxy.calls.slice(before).map(({ operation }) => operation)).toEqual([
        'GetItem',
        'PutItem',
        'PutItem',
      ]);
      expect((await ada.client.get('/v1/quests?date=2050-01-01')).data).toEqual([data]);
    });

    it('an update whose answer is lost counts one version', async () => {
      const made = await create();
      proxy.fail('reset-after', { operation: 'UpdateItem', times: 1 });
      const { status, data } = await ada.client.put(`/v1/quests/${made.id}?type=task`, { title: 'Once' });
      expect([status, data.title, data.version]).toEqual([200, 'Once', 2]);
    });

    it('an update with If-Match whose answer is lost is no stale one', async () => {
      const made = await ada.client.post('/v1/quests', task());
      const headers = { 'If-Match': made.headers['etag'] ?? '' };
      const path = `/v1/quests/${made.data.id}?type=task`;
      proxy.fail('hang-after', { operation: 'UpdateItem', times: 1 });
      expect((await ada.client.put(path, { title: 'x' }, { headers })).data.version).toBe(2);
      const second = await ada.client.get(path);
      proxy.fail('reset-after', { operation: 'PutItem', times: 1 });
      const moved = await ada.client.put(
        path,
        { status: 'completed' },
        { headers: { 'If-Match': second.headers['etag'] ?? '' } },
      );
      expect([moved.status, moved.data.version]).toEqual([200, 3]);
    });

    it('a delete whose answer is lost', async () => {
      const made = await create();
      proxy.fail('reset-after', { operation: 'DeleteItem', times: 1 });
      expect((await ada.client.delete(`/v1/quests/${made.id}?type=task`)).status).toBe(200);
    });

    it('a transaction whose answer is lost', async () => {
      const goal = (
        await ada.client.post('/v1/quests', { type: 'goal', title: 'Goal', dueDate: '2051-01-01' })
      ).data;
      proxy.fail('reset-after', { operation: 'TransactWriteItems', times: 1 });
      const { status, data } = await ada.client.post('/v1/quests', task({ goalId: goal.id }));
      expect(status).toBe(201);
      expect((await ada.client.get(`/v1/quests?goalId=${goal.id}`)).data).toEqual([data]);
    });
  });

  describe('what collides is tried again', () => {
    it('a transaction that meets another', async () => {
      proxy.fail('conflict', { operation: 'TransactWriteItems', times: 3 });
      const registration = { email: `${randomUUID()}@example.com`, password: PASSWORD, name: 'New Person' };
      expect((await app.client.post('/v1/auth/register', registration)).status).toBe(201);
    });

    it('a transaction that is said to be in progress, longer than the SDK asks', async () => {
      proxy.fail('in-progress', { operation: 'TransactWriteItems', times: 9 });
      const goal = { type: 'goal', title: 'Goal', dueDate: '2051-01-01' };
      const { id } = (await ada.client.post('/v1/quests', goal)).data;
      expect((await ada.client.post('/v1/quests', task({ goalId: id }))).status).toBe(201);
    });

    it('a single write that meets a transaction', async () => {
      const made = await create();
      proxy.fail('conflict', { operation: 'UpdateItem', times: 3 });
      expect((await ada.client.put(`/v1/quests/${made.id}?type=task`, { title: 'x' })).status).toBe(200);
    });

    it('a batch that comes back half done', async () => {
      proxy.fail('unprocessed', { operation: 'BatchGetItem', times: 2 });
      const { status, data } = await ada.client.get('/v1/user/profile');
      expect([status, data.name]).toEqual([200, 'Ada']);
    });
  });

  describe('every route answers in time, as documented, and leaves nothing half done', () => {
    let anyone: Client;
    let hers: Client;
    let his: Client;
    const routes: [
      string,
      (quest: { id: string }) => Promise<{ status: number; headers: Readonly<Record<string, string>> }>,
    ][] = [
      ['POST /v1/quests', () => hers.post('/v1/quests', task())],
      ['GET /v1/quests', () => hers.get('/v1/quests?type=task')],
      ['GET /v1/quests/{id}', ({ id }) => hers.get(`/v1/quests/${id}`)],
      ['PUT /v1/quests/{id}', ({ id }) => hers.put(`/v1/quests/${id}?type=task`, { title: 'x' })],
      [
        'PUT /v1/quests/{id} (moving)',
        ({ id }) => hers.put(`/v1/quests/${id}?type=task`, { status: 'completed' }),
      ],
      ['DELETE /v1/quests/{id}', ({ id }) => hers.delete(`/v1/quests/${id}?type=task`)],
      ['GET /v1/user/profile', () => hers.get('/v1/user/profile')],
      ['PUT /v1/user/profile', () => hers.put('/v1/user/profile', { firstName: 'A', theme: 'Dev' })],
      ['PUT /v1/user/preferences', () => hers.put('/v1/user/preferences', { a: 1 })],
      ['GET /health/ready', () => anyone.get('/health/ready')],
      [
        'POST /v1/auth/register',
        () =>
          anyone.post('/v1/auth/register', {
            email: `${randomUUID()}@example.com`,
            password: PASSWORD,
            name: 'New',
          }),
      ],
      ['POST /v1/auth/refresh', () => anyone.post('/v1/auth/refresh', { refreshToken: 'a.b.c' })],
      ['GET /v1/users', () => hers.get('/v1/users')],
      ['PATCH /v1/users/{id}', () => hers.patch(`/v1/users/${bob.userId}`, { role: 'admin' })],
      ['POST /v1/invites', () => hers.post('/v1/invites', { role: 'member' })],
      [
        'POST /v1/quests/{id}/complete (recurring)',
        () => hers.post(`/v1/quests/${recurring.pop() ?? ''}/complete`),
      ],
      [
        'POST /v1/quests/batch',
        ({ id }) =>
          hers.post('/v1/quests/batch', {
            operations: [
              { op: 'create', ...task() },
              { op: 'complete', id },
            ],
          }),
      ],
      ['POST /v1/quests/recurrence-rules', () => hers.post('/v1/quests/recurrence-rules', daily())],
      ['POST /v1/quests/calendar-token', () => hers.post('/v1/quests/calendar-token')],
      [
        'PUT /v1/notifications/preferences',
        () => {
          hour = (hour + 1) % 24;
          return hers.put('/v1/notifications/preferences', { reminderHour: hour });
        },
      ],
      ['GET /v1/quests/stats', () => hers.get('/v1/quests/stats')],
      ['POST /v1/blog/posts', () => hers.post('/v1/blog/posts', POST)],
      ['GET /v1/blog/posts', () => anyone.get('/v1/blog/posts')],
      ['GET /v1/blog/feed.atom', () => anyone.get('/v1/blog/feed.atom')],
      ['POST /v1/projects', () => hers.post('/v1/projects', PROJECT)],
      ['GET /v1/resume.json', () => anyone.get('/v1/resume.json')],
      ['POST /v1/visitors/track', () => anyone.post('/v1/visitors/track', { path: '/' }, browsing())],
      ['POST /v1/chat/messages', () => hers.post('/v1/chat/messages', { message: 'list my tasks' })],
      ['GET /v1/chat/messages', () => hers.get('/v1/chat/messages')],
      ['DELETE /v1/chat/messages', () => his.delete('/v1/chat/messages')],
      ['PUT /v1/context/{contextType}', () => hers.put('/v1/context/assistant', { data: {} })],
      ['POST /v1/memories', () => hers.post('/v1/memories', { content: 'x' })],
      ['GET /v1/analytics/overview', () => hers.get('/v1/analytics/overview')],
    ];

    let hour = 8;
    const daily = () => ({
      title: 'Scales',
      frequency: 'daily',
      startDate: clock.now().toISOString().slice(0, 10),
    });
    /** Open tasks that rules have made, one for each fault. */
    const recurring: string[] = [];
    beforeAll(async () => {
      const environment = {
        AWS_REQUEST_TIMEOUT_MS: '150',
        AWS_CONNECTION_TIMEOUT_MS: '150',
        RESPONSE_DEADLINE_MS: String(DEADLINE_MS),
        CHAT_DEADLINE_MS: String(DEADLINE_MS),
      };
      anyone = (await app.another(environment, clock)).client;
      hers = anyone.as(ada.accessToken);
      his = anyone.as(bob.accessToken);
      for (const _ of FAULTS) await ada.client.post('/v1/quests/recurrence-rules', daily());
      const { data } = await ada.client.get('/v1/quests?view=today');
      for (const { id, recurrenceRuleId } of data) if (recurrenceRuleId !== null) recurring.push(id);
      expect(recurring).toHaveLength(FAULTS.length);
    });

    it.each(FAULTS)('%s', async (fault: Fault) => {
      const quests: { id: string }[] = [];
      for (const _ of routes) quests.push(await create());
      proxy.fail(fault);
      const answers = await Promise.all(
        routes.map(async ([name, call], position) => {
          const began = performance.now();
          const { status, headers } = await call(quests[position] as { id: string });
          return { name, status, headers, took: performance.now() - began };
        }),
      );
      proxy.heal();
      for (const { name, status, headers, took } of answers) {
        // The client has held the answer against the OpenAPI document already.
        expect(`${name} ${status < 500 || status === 503 ? 'documented' : status}`).toBe(
          `${name} documented`,
        );
        if (status === 503) expect(headers['retry-after']).toBeDefined();
        // Not how fast, but that it ends: without the deadline a hang is waited for without end.
        expect(took).toBeLessThan(DEADLINE_MS + 20_000);
      }
      await expectWhole(app);
    });
  });

  it.each(['the next try', 'the sweeper'])(
    'a deletion of a goal that stops half-way is finished by %s, and nobody sees the goal meanwhile',
    async (by) => {
      const goal = (
        await ada.client.post('/v1/quests', { type: 'goal', title: 'Goal', dueDate: '2051-01-01' })
      ).data;
      for (let count = 0; count < 15; count += 1) await create({ goalId: goal.id });
      const path = `/v1/quests/${goal.id}?type=goal`;
      let updates = 0;
      proxy.plan = ({ operation }) => {
        updates += operation === 'UpdateItem' ? 1 : 0;
        return updates > 6 ? 'reset-before' : undefined;
      };
      expect((await ada.client.delete(path)).status).toBe(503);
      proxy.heal();
      expect((await ada.client.get(path)).status).toBe(404);
      expect(
        (await ada.client.get('/v1/quests?type=goal')).data.map(({ id }: { id: string }) => id),
      ).not.toContain(goal.id);
      expect((await ada.client.post('/v1/quests', task({ goalId: goal.id }))).error.code).toBe(
        'GOAL_NOT_FOUND',
      );
      if (by === 'the next try') expect((await ada.client.delete(path)).status).toBe(200);
      else {
        // What is still under way is left alone.
        expect(await work(app, 'sweep')).toMatchObject({ goals: 0 });
        clock.forward({ seconds: 61 });
        expect(await work(app, 'sweep')).toMatchObject({ goals: 1 });
      }
      const rows = await rowsOf(app);
      expect(
        rows.filter(
          (row) => JSON.stringify(row).includes(`GOAL#${goal.id}`) && row.EntityType !== 'IDEMPOTENCY',
        ),
      ).toEqual([]);
      expect(rows.filter(({ goalId }) => goalId === goal.id)).toEqual([]);
    },
  );

  describe('under an Idempotency-Key', () => {
    it('a create that ended in a 503 though it was done is not done again', async () => {
      const headers = { 'Idempotency-Key': randomUUID() };
      const body = task({ dueDate: '2052-01-01' });
      proxy.plan = ({ operation, body: sent }) =>
        operation === 'PutItem' && sent.includes('"TASK"') ? 'reset-after' : undefined;
      const first = await ada.client.post('/v1/quests', body, { headers });
      proxy.heal();
      const second = await ada.client.post('/v1/quests', body, { headers });
      expect([first.status, second.status]).toEqual([expect.any(Number), 201]);
      expect((await ada.client.get('/v1/quests?date=2052-01-01')).data).toHaveLength(1);
    });

    it('a create that ended in a 503 before it was done is done by the next try', async () => {
      const headers = { 'Idempotency-Key': randomUUID() };
      const body = task({ dueDate: '2053-01-01' });
      proxy.plan = ({ operation, body: sent }) =>
        operation === 'PutItem' && sent.includes('"TASK"') ? 'reset-before' : undefined;
      expect((await ada.client.post('/v1/quests', body, { headers })).status).toBe(503);
      proxy.heal();
      expect((await ada.client.post('/v1/quests', body, { headers })).status).toBe(201);
      expect((await ada.client.get('/v1/quests?date=2053-01-01')).data).toHaveLength(1);
    });

    /** Does what it asks for, and dies before it can note its answer. */
    const dying = async (path: string, body: object) => {
      const headers = { 'Idempotency-Key': randomUUID() };
      proxy.plan = ({ operation, body: sent }) =>
        operation === 'UpdateItem' && sent.includes('IDEM') ? 'reset-before' : undefined;
      await ada.client.post(path, body, { headers });
      proxy.heal();
      clock.forward({ seconds: 31 });
      return () => ada.client.post(path, body, { headers });
    };

    it('a batch whose run died after it was done is not done again, whatever has changed since', async () => {
      const [changed, deleted] = [await create(), await create()];
      const again = await dying('/v1/quests/batch', {
        operations: [
          { op: 'create', ...task({ dueDate: '2055-01-01' }) },
          { op: 'update', type: 'task', id: changed.id, title: 'By the batch' },
          { op: 'delete', type: 'task', id: deleted.id },
        ],
      });
      await ada.client.put(`/v1/quests/${changed.id}?type=task`, { title: 'Since' });
      const { status, data } = await again();
      expect(status).toBe(200);
      const made = (await ada.client.get('/v1/quests?date=2055-01-01')).data;
      expect(made).toHaveLength(1);
      expect(
        data.map(({ op, quest }: { op: string; quest?: { title: string } }) => [op, quest?.title]),
      ).toEqual([
        ['create', 'Restring'],
        ['update', 'Since'],
        ['delete', undefined],
      ]);
    });

    it('a milestone is answered as it was made', async () => {
      const goal = { type: 'goal', title: 'Goal', dueDate: '2056-01-01' };
      const { id } = (await ada.client.post('/v1/quests', goal)).data;
      const again = await dying(`/v1/quests/goals/${id}/milestones`, { title: 'First' });
      const { status, data } = await again();
      const milestones = (await ada.client.get(`/v1/quests/goals/${id}/milestones`)).data;
      expect([status, milestones]).toEqual([201, [data]]);
    });

    it('60 keys, each sent five times with a tenth of the answers lost, have 60 effects and identical answers', async () => {
      let call = 0;
      proxy.plan = () => {
        call += 1;
        return call % 10 === 0 ? 'reset-after' : undefined;
      };
      const keys = Array.from({ length: 60 }, () => randomUUID());
      const answers = new Map<string, Set<string>>();
      for (let round = 0; round < 5; round += 1) {
        // Whoever could not even free a key lets it go by its age.
        clock.forward({ seconds: 31 });
        if (round === 4) proxy.heal();
        for (let first = 0; first < keys.length; first += 10) {
          await Promise.all(
            keys.slice(first, first + 10).map(async (key) => {
              const headers = { 'Idempotency-Key': key };
              const { status, text } = await ada.client.post('/v1/quests', task({ dueDate: '2054-01-01' }), {
                headers,
              });
              if (status === 201) answers.set(key, (answers.get(key) ?? new Set()).add(text));
            }),
          );
        }
      }
      expect((await ada.client.get('/v1/quests?date=2054-01-01')).data).toHaveLength(60);
      expect([...answers.values()].map(({ size }) => size)).toEqual(keys.map(() => 1));
    });
  });
});

/** What must hold between rows whatever happened: nothing refers to what is not there. */
async function expectWhole(app: TestApp): Promise<void> {
  const rows = await rowsOf(app);
  const has = (PK: string, SK: string) => rows.some((row) => row.PK === PK && row.SK === SK);
  for (const row of rows) {
    if (row.EntityType === 'LOCK') expect(has(`USER#${String(row['sub'])}`, 'PROFILE')).toBe(true);
    if (row.EntityType === 'CALENDAR') expect(has(`CALENDAR#${String(row['hash'])}`, 'LOCK')).toBe(true);
    if (row.EntityType === 'CALENDAR_TOKEN') {
      const hashes = rows
        .filter(({ SK }) => SK === 'CALENDAR')
        .map((each) => `CALENDAR#${String(each['hash'])}`);
      expect(hashes).toContain(row.PK);
    }
    if (row.EntityType === 'RECURRENCE_RULE') {
      // A rule and the tasks that it has made, by number and by date.
      const id = row.SK.slice('RRULE#'.length);
      const dates = rows.filter((each) => each['recurrenceRuleId'] === id).map((each) => each['occurrence']);
      expect([dates.length, dates.sort().at(-1)]).toEqual([row['made'], row['lastDate']]);
    }
    if (row.EntityType === 'USER') expect(has(row.PK, 'REMIND')).toBe(true);
    if (row.EntityType === 'CREDENTIAL') expect(has(row.PK, 'PROFILE')).toBe(true);
    if (row.EntityType === 'INVITE')
      expect(has(`INVITECODE#${String(row['codeHash'])}`, 'LOCK')).toBe(row['Status'] === 'PENDING');
    if (row.EntityType === 'INVITE_CODE') expect(has(`INVITE#${String(row['inviteId'])}`, 'META')).toBe(true);
    if (row.EntityType === 'USER') {
      expect(has(`UNIQ#EMAIL#${String(row['email'])}`, 'LOCK')).toBe(true);
      expect(has(row.PK, 'CREDENTIAL')).toBe(true);
    }
    const { goalId } = row;
    if (typeof goalId === 'string') expect(has(row.PK, `GOAL#${goalId}`)).toBe(true);
  }
}
