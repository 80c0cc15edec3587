import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Task } from '../../src/modules/quests/quest.js';
import { RulesRepository } from '../../src/modules/quests/recurrence/rules.repository.js';
import { QuestListsRepository } from '../../src/modules/quests/quest-lists.repository.js';
import { dateIn, daysAfter } from '../../src/platform/local-time.js';
import { TestClock } from '../support/clock.js';
import { databaseEndpoint, HASTY, PATIENT } from '../support/environment.js';
import { FaultProxy } from '../support/fault-proxy.js';
import type { SocketApp } from '../support/socket-app.js';
import { type Person, TestApp } from '../support/test-app.js';
import { work } from '../support/work.js';

const RULES = '/v1/quests/recurrence-rules';
const HOUR = 3600;

// The year is far ahead, since tokens are held against the real clock as well.

/** The tasks of a person that rules have made, by date; read past their token, which lives an hour. */
async function madeFor(app: TestApp, { userId }: Person): Promise<Task[]> {
  const quests = (app.running as SocketApp).app.get(QuestListsRepository, { strict: false });
  const tasks = await quests.listAllTasksByDate(userId, {});
  return tasks.filter(({ recurrenceRuleId }) => recurrenceRuleId !== null);
}

describe('Making due tasks', () => {
  const clock = new TestClock();
  let app: TestApp;
  beforeAll(async () => {
    clock.set('2082-03-01T12:00:00Z');
    app = await TestApp.start({ clock });
  });
  afterAll(() => app.stop());

  const at = (iso: string) => clock.set(iso);
  const someone = async (timezone = 'UTC') => {
    const person = await app.person();
    await person.client.put('/v1/user/preferences', { timezone });
    return person;
  };
  const rule = async ({ client }: Person, fields: object = {}) => {
    const body = { title: 'Practise', frequency: 'daily', startDate: '2082-03-02', ...fields };
    const { status, data, text } = await client.post(RULES, body);
    if (status !== 201) throw new Error(text);
    return data;
  };
  const makeDueTasks = () => work(app, 'makeDueTasks');
  const datesOf = async (person: Person) => (await madeFor(app, person)).map(({ dueDate }) => dueDate);
  /** Their token has run out since. */
  const again = async ({ email }: Person) => (await app.signIn(email)).client;

  it('begins with each user’s own midnight, the clocks of the day included', async () => {
    at('2082-03-27T12:00:00Z');
    const people = new Map<string, Person>();
    for (const zone of [
      'UTC',
      'Pacific/Kiritimati',
      'Pacific/Pago_Pago',
      'Asia/Kathmandu',
      'Europe/Stockholm',
      'America/New_York',
    ]) {
      const person = await someone(zone);
      people.set(zone, person);
      await rule(person, { startDate: daysAfter(dateIn(zone, clock.now()), 1) });
    }
    // Two nights, over the end of March, when Stockholm has a day of 23 hours.
    for (let hours = 0; hours < 72; hours += 1) {
      clock.forward({ seconds: HOUR });
      await makeDueTasks();
      for (const [zone, person] of people) {
        const today = dateIn(zone, clock.now());
        const dates = await datesOf(person);
        const first = daysAfter(dateIn(zone, new Date('2082-03-27T12:00:00Z')), 1);
        const expected: string[] = [];
        for (let date = first; date <= today; date = daysAfter(date, 1)) expected.push(date);
        expect([zone, clock.now().toISOString(), dates]).toEqual([zone, clock.now().toISOString(), expected]);
      }
    }
    for (const person of people.values()) {
      for (const { id } of (await person.client.get(RULES)).data)
        await person.client.delete(`${RULES}/${id}`);
    }
  });

  it('makes today’s after a week of silence, and not a flood', async () => {
    at('2082-03-01T12:00:00Z');
    const [daily, weekly] = [await someone(), await someone()];
    await rule(daily);
    await rule(weekly, { frequency: 'weekly' });
    at('2082-03-11T06:00:00Z');
    await makeDueTasks();
    expect(await datesOf(daily)).toEqual(['2082-03-11']);
    expect(await datesOf(weekly)).toEqual(['2082-03-09']);
    at('2082-03-12T00:00:00Z');
    await makeDueTasks();
    expect(await datesOf(daily)).toEqual(['2082-03-11', '2082-03-12']);
  });

  it('makes no second copy while one is open, if asked to', async () => {
    at('2082-03-01T12:00:00Z');
    const person = await someone();
    await rule(person, { skipIfOpen: true });
    for (const day of ['02', '03', '04']) {
      at(`2082-03-${day}T00:00:01Z`);
      await makeDueTasks();
    }
    const [first, ...others] = await madeFor(app, person);
    expect([first?.dueDate, others]).toEqual(['2082-03-02', []]);
    const { next } = (await (await again(person)).post(`/v1/quests/${first?.id}/complete`)).data;
    expect(next.dueDate).toBe('2082-03-05');
    at('2082-03-05T00:00:01Z');
    await makeDueTasks();
    expect(await datesOf(person)).toEqual(['2082-03-02', '2082-03-05']);
  });

  it('by completion, waits until the one before is done', async () => {
    at('2082-03-01T12:00:00Z');
    const person = await someone();
    await rule(person, { mode: 'completion', interval: 7 });
    at('2082-03-02T00:00:00Z');
    await makeDueTasks();
    at('2082-03-20T09:00:00Z');
    await makeDueTasks();
    const [task, ...others] = await madeFor(app, person);
    expect(others).toEqual([]);
    const { next } = (await (await again(person)).post(`/v1/quests/${task?.id}/complete`)).data;
    expect(next.dueDate).toBe('2082-03-27');
  });

  it('a pause makes nothing, and nothing of it is made up for', async () => {
    at('2082-03-01T12:00:00Z');
    const person = await someone();
    const { id } = await rule(person);
    await person.client.put(`${RULES}/${id}`, { status: 'paused' });
    at('2082-03-08T12:00:00Z');
    await makeDueTasks();
    expect(await datesOf(person)).toEqual([]);
    await (await again(person)).put(`${RULES}/${id}`, { status: 'active' });
    expect(await datesOf(person)).toEqual(['2082-03-08']);
  });

  it('a goal that is gone keeps no task from being made', async () => {
    at('2082-03-01T12:00:00Z');
    const person = await someone();
    const body = { type: 'goal', title: 'Goal', dueDate: '2082-12-31' };
    const goal = (await person.client.post('/v1/quests', body)).data;
    await rule(person, { goalId: goal.id });
    await person.client.delete(`/v1/quests/${goal.id}?type=goal`);
    at('2082-03-02T00:00:01Z');
    await makeDueTasks();
    expect(await madeFor(app, person)).toEqual([
      expect.objectContaining({ dueDate: '2082-03-02', goalId: null }),
    ]);
  });

  it('follows a user who moves to another time zone, both ways', async () => {
    at('2082-03-01T12:00:00Z');
    const [east, west] = [await someone(), await someone()];
    await rule(east);
    await rule(west);
    await east.client.put('/v1/user/preferences', { timezone: 'Asia/Tokyo' });
    await west.client.put('/v1/user/profile', { preferences: { timezone: 'America/Los_Angeles' } });
    at('2082-03-01T15:00:00Z');
    await makeDueTasks();
    expect([await datesOf(east), await datesOf(west)]).toEqual([['2082-03-02'], []]);
    at('2082-03-02T07:59:59Z');
    await makeDueTasks();
    expect(await datesOf(west)).toEqual([]);
    at('2082-03-02T08:00:00Z');
    await makeDueTasks();
    expect(await datesOf(west)).toEqual(['2082-03-02']);
  });

  it('costs what is due, not what there is', async () => {
    at('2082-03-01T12:00:00Z');
    const person = await someone();
    for (let many = 0; many < 30; many += 1) await rule(person, { startDate: '2082-04-01' });
    at('2082-03-01T13:00:00Z');
    expect(await makeDueTasks()).toEqual({ due: 0, done: 0 });
  });

  it('by several at once makes each task once', async () => {
    at('2082-03-01T12:00:00Z');
    const others = await Promise.all([app.another({}, clock), app.another({}, clock)]);
    const people = await Promise.all(Array.from({ length: 5 }, () => someone()));
    for (const person of people) for (let many = 0; many < 6; many += 1) await rule(person);
    at('2082-03-02T00:00:00Z');
    const runs = await Promise.all([app, ...others, app].map((each) => work(each, 'makeDueTasks')));
    expect(runs.reduce((sum, run) => sum + ('done' in run ? run.done : 0), 0)).toBe(30);
    for (const person of people) expect(await datesOf(person)).toEqual(Array(6).fill('2082-03-02'));
  });
});

describe('Making due tasks, while DynamoDB fails', () => {
  const clock = new TestClock();
  let proxy: FaultProxy;
  let app: TestApp;
  let beyond: TestApp;
  beforeAll(async () => {
    clock.set('2082-03-01T12:00:00Z');
    proxy = await FaultProxy.start(databaseEndpoint);
    const environment = { DYNAMODB_ENDPOINT: proxy.url, ...HASTY };
    app = await TestApp.start({ clock, environment });
    // Past every fault.
    beyond = await app.another({ DYNAMODB_ENDPOINT: databaseEndpoint, ...PATIENT }, clock);
  });
  afterEach(() => proxy.heal());
  afterAll(async () => {
    await app.stop();
    await proxy.stop();
  });

  const isWrite = (operation: string) => !/^(Get|BatchGet|Query)/.test(operation);

  const prepared = async () => {
    clock.set('2082-03-01T12:00:00Z');
    const person = await beyond.person();
    const goal = { type: 'goal', title: 'Goal', dueDate: '2082-12-31' };
    const { id: goalId } = (await person.client.post('/v1/quests', goal)).data;
    for (const fields of [{}, { goalId }, { skipIfOpen: true }, { mode: 'completion' }]) {
      const body = { title: 'Practise', frequency: 'daily', startDate: '2082-03-02', ...fields };
      await person.client.post(RULES, body);
    }
    clock.set('2082-03-02T00:00:01Z');
    return person;
  };
  const datesOf = async (person: Person) => (await madeFor(beyond, person)).map(({ dueDate }) => dueDate);
  const cleared = async ({ email }: Person) => {
    const { client } = await beyond.signIn(email);
    for (const { id } of (await client.get(RULES)).data) await client.delete(`${RULES}/${id}`);
  };

  it.each([
    ['reset-before', 'call', () => true],
    ['reset-after', 'write', isWrite],
    ['hang-after', 'write', isWrite],
    ['conflict', 'write', isWrite],
    ['garbage', 'write', isWrite],
  ] as const)(
    'a %s at any single %s: nothing doubled and nothing lost after the next run',
    async (fault, _, counts: (operation: string) => boolean) => {
      // Every call of a run, counted in one without faults.
      const person = await prepared();
      proxy.calls.length = 0;
      await work(app, 'makeDueTasks');
      const calls = proxy.calls.map(({ operation }) => operation);
      // Four moves; for the first task of the goal, its count is made and the move tried once more.
      expect(calls.filter(isWrite)).toHaveLength(6);
      await cleared(person);
      for (const position of calls.filter(counts).keys()) {
        const unlucky = await prepared();
        proxy.heal();
        const wasMet = proxy.failOne(fault, position, counts);
        await work(app, 'makeDueTasks').catch(() => undefined);
        expect([position, wasMet()]).toEqual([position, true]);
        proxy.heal();
        await work(app, 'makeDueTasks');
        expect([position, await datesOf(unlucky)]).toEqual([position, Array(4).fill('2082-03-02')]);
        await cleared(unlucky);
      }
    },
  );

  it('dying right after any single write: nothing doubled and nothing lost after the next run', async () => {
    for (let survived = 0; survived < 4; survived += 1) {
      const person = await prepared();
      proxy.heal();
      let writes = 0;
      proxy.plan = ({ operation }) => {
        if (isWrite(operation)) writes += 1;
        return writes > survived
          ? isWrite(operation) && writes === survived + 1
            ? 'reset-after'
            : 'reset-before'
          : undefined;
      };
      await work(app, 'makeDueTasks').catch(() => undefined);
      proxy.heal();
      await work(beyond, 'makeDueTasks');
      expect([survived, await datesOf(person)]).toEqual([survived, Array(4).fill('2082-03-02')]);
      await cleared(person);
    }
  });

  it('one dies half-way while another runs: each task once', async () => {
    const people = await Promise.all([prepared(), prepared(), prepared()]);
    let calls = 0;
    proxy.plan = () => {
      calls += 1;
      return calls > 9 ? 'reset-before' : undefined;
    };
    await Promise.all([work(app, 'makeDueTasks').catch(() => undefined), work(beyond, 'makeDueTasks')]);
    proxy.heal();
    await work(beyond, 'makeDueTasks');
    for (const person of people) expect(await datesOf(person)).toEqual(Array(4).fill('2082-03-02'));
  });
});

describe('Completing what recurs, by many at once', () => {
  let app: TestApp;
  let other: TestApp;
  let ada: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    other = await app.another();
    ada = await app.person('Ada');
  });
  afterAll(() => app.stop());

  const today = new Date().toISOString().slice(0, 10);
  const recurring = async (fields: object = {}) => {
    const body = { title: 'Practise', frequency: 'daily', startDate: today, ...fields };
    const { id } = (await ada.client.post(RULES, body)).data;
    const task = (await madeFor(app, ada)).find(({ recurrenceRuleId }) => recurrenceRuleId === id);
    return { id, task: task as Task };
  };
  /** By turns through two processes. */
  const clientOf = (each: number) => (each % 2 === 0 ? ada.client : other.client.as(ada.accessToken));

  it.each(['schedule', 'completion'])('by %s: all answer with the same next one', async (mode) => {
    for (let round = 0; round < 5; round += 1) {
      const { id, task } = await recurring({ mode });
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, each) => clientOf(each).post(`/v1/quests/${task.id}/complete`)),
      );
      const outcomes = new Set(
        answers.map((answer) => `${answer.status} ${answer.data?.completedAt} ${answer.data?.next?.id}`),
      );
      expect(outcomes.size).toBe(1);
      const made = (await madeFor(app, ada)).filter(({ recurrenceRuleId }) => recurrenceRuleId === id);
      expect(made.map(({ dueDate }) => dueDate)).toEqual([today, daysAfter(today, 1)]);
    }
  });

  it('completed and opened again and again: one next one, and an end that somebody asked for', async () => {
    const { id, task } = await recurring();
    const sends = Array.from({ length: 40 }, (_, each) => {
      const what = each % 2 === 0 ? 'complete' : 'reopen';
      return clientOf(each >> 1).post(`/v1/quests/${task.id}/${what}`);
    });
    const statuses = (await Promise.all(sends)).map((answer) => answer.status);
    expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
    await ada.client.post(`/v1/quests/${task.id}/complete`);
    const made = (await madeFor(app, ada)).filter(({ recurrenceRuleId }) => recurrenceRuleId === id);
    expect(made.map(({ dueDate, status }) => `${dueDate} ${status}`)).toEqual([
      `${today} completed`,
      `${daysAfter(today, 1)} pending`,
    ]);
  });

  it('while others pause and resume the rule: it never waits for a task that is done', async () => {
    for (let round = 0; round < 15; round += 1) {
      const { id, task } = await recurring({ mode: 'completion' });
      await ada.client.put(`${RULES}/${id}`, { status: 'paused' });
      const [done] = await Promise.all([
        ada.client.post(`/v1/quests/${task.id}/complete`),
        clientOf(1).put(`${RULES}/${id}`, { status: 'active' }),
      ]);
      expect(done.status).toBe(200);
      await ada.client.put(`${RULES}/${id}`, { status: 'active' });
      const open = (await madeFor(app, ada)).filter(
        ({ recurrenceRuleId, status }) => recurrenceRuleId === id && status !== 'completed',
      );
      const rule = await (app.running as SocketApp).app
        .get(RulesRepository, { strict: false })
        .find(ada.userId, id);
      expect([round, rule?.nextDate !== null || open.length === 1]).toEqual([round, true]);
    }
  });
});
