import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { daysAfter } from '../../src/platform/local-time.js';
import { type Person, TestApp } from '../support/test-app.js';

const RULES = '/v1/quests/recurrence-rules';

describe('Recurrence rules', () => {
  let app: TestApp;
  let ada: Person;
  let eve: Person;
  const today = new Date().toISOString().slice(0, 10);
  const day = (days: number) => daysAfter(today, days);

  beforeAll(async () => {
    app = await TestApp.start();
    [ada, eve] = await Promise.all([app.person('Ada'), app.person('Eve')]);
  });
  afterAll(() => app.stop());

  const rule = (fields: object = {}) => ({
    title: 'Practise scales',
    frequency: 'daily',
    startDate: today,
    ...fields,
  });
  const create = async (fields: object = {}) => {
    const { status, data, text } = await ada.client.post(RULES, rule(fields));
    if (status !== 201) throw new Error(text);
    return data;
  };
  const tasksOf = async (ruleId: string) => {
    const { data } = await ada.client.get(`/v1/quests?from=${day(-400)}&limit=100`);
    return (data as { recurrenceRuleId: string }[]).filter(
      ({ recurrenceRuleId }) => recurrenceRuleId === ruleId,
    );
  };
  const taskOf = async (ruleId: string) => (await tasksOf(ruleId)).at(-1) as unknown as { id: string };

  describe('making one', () => {
    it('shows its next five dates, and makes the task of today at once', async () => {
      const { status, data, headers } = await ada.client.post(
        RULES,
        rule({ priority: 'high', category: 'music' }),
      );
      expect(status).toBe(201);
      expect(data).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        recurrenceRuleId: data.id,
        userId: ada.userId,
        title: 'Practise scales',
        description: null,
        category: 'music',
        priority: 'high',
        goalId: null,
        frequency: 'daily',
        rrule: null,
        interval: 1,
        daysOfWeek: null,
        startDate: today,
        endDate: null,
        count: null,
        mode: 'schedule',
        skipIfOpen: false,
        exceptions: [],
        status: 'active',
        lastDate: today,
        made: 1,
        nextDates: [1, 2, 3, 4, 5].map(day),
        version: 1,
        createdAt: expect.any(String),
        updatedAt: data.createdAt,
      });
      expect(headers['location']).toBe(`${RULES}/${data.id}`);
      expect((await ada.client.get(headers['location'] ?? '')).data).toEqual(data);
      const [task] = await tasksOf(data.id);
      expect(task).toMatchObject({
        title: 'Practise scales',
        dueDate: today,
        status: 'pending',
        priority: 'high',
        category: 'music',
        recurrenceRuleId: data.id,
      });
    });

    it('one that begins later makes nothing yet; one that began long ago makes up for nothing', async () => {
      const later = await create({ startDate: day(3) });
      expect([later.lastDate, later.made, later.nextDates[0]]).toEqual([null, 0, day(3)]);
      expect(await tasksOf(later.id)).toEqual([]);
      const old = await create({ startDate: day(-100) });
      expect([old.lastDate, old.made]).toEqual([today, 1]);
    });

    it('gives its tasks a goal', async () => {
      const goal = (await ada.client.post('/v1/quests', { type: 'goal', title: 'Play', dueDate: day(90) }))
        .data;
      const { id } = await create({ goalId: goal.id });
      expect(await taskOf(id)).toMatchObject({ goalId: goal.id });
      expect((await ada.client.get(`/v1/quests/goals/${goal.id}/progress`)).data.total).toBe(1);
    });

    it('runs once under an Idempotency-Key', async () => {
      const options = { headers: { 'Idempotency-Key': randomUUID() } };
      const one = await ada.client.post(RULES, rule(), options);
      const other = await ada.client.post(RULES, rule(), options);
      expect(other.data).toEqual(one.data);
      expect(await tasksOf(one.data.id)).toHaveLength(1);
    });

    it.each([
      ['title', { title: undefined }],
      ['startDate', { startDate: '2025-02-29' }],
      ['startDate', { startDate: undefined }],
      ['frequency', { frequency: undefined }],
      ['frequency', { frequency: 'hourly' }],
      ['frequency', { rrule: 'FREQ=DAILY' }],
      ['interval', { interval: 0 }],
      ['interval', { frequency: undefined, rrule: 'FREQ=DAILY', interval: 2 }],
      ['daysOfWeek', { daysOfWeek: [1] }],
      ['daysOfWeek', { frequency: 'weekly', daysOfWeek: [7] }],
      ['daysOfWeek', { frequency: 'weekly', daysOfWeek: [1, 1] }],
      ['daysOfWeek', { frequency: 'weekly', daysOfWeek: [] }],
      ['endDate', { endDate: '2020-01-01' }],
      ['endDate', { frequency: undefined, rrule: 'FREQ=DAILY', endDate: '2999-01-01' }],
      ['count', { count: 1001 }],
      ['count', { count: 2, endDate: '2999-01-01' }],
      ['mode', { mode: 'sometimes' }],
      ['exceptions', { exceptions: ['tomorrow'] }],
      ['lastDate', { lastDate: '2025-01-01' }],
    ])('refuses a bad %s: %j', async (field, fields) => {
      const { status, error } = await ada.client.post(RULES, rule(fields));
      expect([status, error.code]).toEqual([400, 'QUEST_VALIDATION_ERROR']);
      expect(error.details?.map((detail) => detail.field)).toContain(field);
    });

    it.each([
      { frequency: 'daily', startDate: '1900-01-01', count: 1000 },
      { frequency: 'yearly', interval: 999, startDate: '2024-02-29' },
    ])('refuses one whose dates have all passed: %j', async (fields) => {
      expect((await ada.client.post(RULES, rule(fields))).error.code).toBe('RRULE_INVALID');
    });

    it.each([
      ['FREQ=SECONDLY', 'FREQ must be one of'],
      ['FREQ=MONTHLY;BYSETPOS=1;BYDAY=MO', 'BYSETPOS is not taken; what is: FREQ, INTERVAL, BYDAY'],
      ['FREQ=DAILY;UNTIL=20200101', 'no date at all'],
    ])('refuses the RRULE %s and says why', async (rrule, reason) => {
      const { status, error } = await ada.client.post(RULES, rule({ frequency: undefined, rrule }));
      expect([status, error.code]).toEqual([400, 'RRULE_INVALID']);
      expect(JSON.stringify(error.details)).toContain(reason);
    });

    it('refuses a rule that never comes', async () => {
      const never = {
        frequency: undefined,
        rrule: 'FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31',
        startDate: '2027-02-01',
      };
      expect((await ada.client.post(RULES, rule(never))).error.code).toBe('RRULE_INVALID');
    });

    it('serves no goal that is not there', async () => {
      for (const goalId of [randomUUID(), 'goal-uuid-here'])
        expect((await ada.client.post(RULES, rule({ goalId }))).error.code).toBe('GOAL_NOT_FOUND');
    });

    it('stops at 200', async () => {
      const person = await app.person();
      const later = rule({ startDate: day(1) });
      for (let done = 0; done < 200; done += 20)
        await Promise.all(Array.from({ length: 20 }, () => person.client.post(RULES, later)));
      const { status, error } = await person.client.post(RULES, later);
      expect([status, error.code]).toEqual([409, 'RULE_LIMIT']);
      expect((await person.client.get(`${RULES}?limit=100`)).data).toHaveLength(100);
    });
  });

  describe('looking at them', () => {
    it('belongs to their user alone', async () => {
      const { id } = await create();
      for (const send of [
        () => eve.client.get(`${RULES}/${id}`),
        () => eve.client.put(`${RULES}/${id}`, { title: 'x' }),
        () => eve.client.delete(`${RULES}/${id}`),
        () => eve.client.get(`${RULES}/${id}/preview`),
        () => eve.client.post(`${RULES}/${id}/skip`, { date: today }),
        () => ada.client.get(`${RULES}/no-id`),
      ]) {
        const { status, error } = await send();
        expect([status, error.code]).toEqual([404, 'RULE_NOT_FOUND']);
      }
      expect((await eve.client.get(RULES)).data).toEqual([]);
    });

    it('in pages, oldest first', async () => {
      const person = await app.person();
      for (const title of ['one', 'two', 'three']) await person.client.post(RULES, rule({ title }));
      const first = await person.client.get(`${RULES}?limit=2`);
      const cursor = encodeURIComponent(first.body.meta.nextCursor);
      const second = await person.client.get(`${RULES}?limit=2&cursor=${cursor}`);
      const titles = [...first.data, ...second.data].map(({ title }: { title: string }) => title);
      expect([titles, second.body.meta.nextCursor]).toEqual([['one', 'two', 'three'], null]);
    });

    it('previews as many dates as asked for, up to fifty', async () => {
      const { id } = await create({
        frequency: undefined,
        rrule: 'FREQ=MONTHLY;BYMONTHDAY=-1',
        startDate: '2040-01-15',
      });
      const { data } = await ada.client.get(`${RULES}/${id}/preview?count=3`);
      expect(data).toEqual(['2040-01-31', '2040-02-29', '2040-03-31']);
      expect((await ada.client.get(`${RULES}/${id}/preview`)).data).toHaveLength(10);
      expect((await ada.client.get(`${RULES}/${id}/preview?count=50`)).data).toHaveLength(50);
      expect((await ada.client.get(`${RULES}/${id}/preview?count=51`)).status).toBe(400);
    });
  });

  describe('changing one', () => {
    it('concerns the tasks that are yet to come', async () => {
      const { id } = await create();
      const { data } = await ada.client.put(`${RULES}/${id}`, { title: 'Practise chords', priority: 'low' });
      expect(data).toMatchObject({ title: 'Practise chords', priority: 'low', version: 2, made: 1 });
      expect(await taskOf(id)).toMatchObject({ title: 'Practise scales' });
      const { next } = (await ada.client.post(`/v1/quests/${(await taskOf(id)).id}/complete`)).data;
      expect(next).toMatchObject({ title: 'Practise chords', dueDate: day(1) });
    });

    it('to other dates begins anew from today, without a second task of today', async () => {
      const { id } = await create();
      const { data } = await ada.client.put(`${RULES}/${id}`, { interval: 3, startDate: day(-3) });
      expect(data.nextDates.slice(0, 2)).toEqual([day(3), day(6)]);
      expect(await tasksOf(id)).toHaveLength(1);
    });

    it('by a frequency drops the RRULE, and the other way round', async () => {
      const { id } = await create({ interval: 2, endDate: day(100) });
      const ruled = (await ada.client.put(`${RULES}/${id}`, { rrule: 'FREQ=DAILY;INTERVAL=5' })).data;
      expect([ruled.frequency, ruled.rrule, ruled.interval, ruled.endDate]).toEqual([
        null,
        'FREQ=DAILY;INTERVAL=5',
        1,
        null,
      ]);
      const named = (await ada.client.put(`${RULES}/${id}`, { frequency: 'weekly' })).data;
      expect([named.frequency, named.rrule]).toEqual(['weekly', null]);
      await ada.client.put(`${RULES}/${id}`, { daysOfWeek: [1] });
      const daily = (await ada.client.put(`${RULES}/${id}`, { frequency: 'daily' })).data;
      expect([daily.frequency, daily.daysOfWeek]).toEqual(['daily', null]);
      expect((await ada.client.put(`${RULES}/${id}`, { rrule: null, frequency: null })).status).toBe(400);
    });

    it('pauses, and resumes without making up for what was missed', async () => {
      const { id } = await create({ startDate: day(1) });
      const paused = (await ada.client.put(`${RULES}/${id}`, { status: 'paused', startDate: day(-5) })).data;
      expect([paused.status, paused.made]).toEqual(['paused', 0]);
      expect(await tasksOf(id)).toEqual([]);
      const resumed = (await ada.client.put(`${RULES}/${id}`, { status: 'active' })).data;
      expect([resumed.made, resumed.lastDate]).toEqual([1, today]);
    });

    it('takes part in optimistic concurrency, which making tasks does not disturb', async () => {
      const { headers, data } = await ada.client.post(RULES, rule());
      const options = { headers: { 'If-Match': headers['etag'] ?? '' } };
      await ada.client.post(`/v1/quests/${(await taskOf(data.id)).id}/complete`);
      expect((await ada.client.put(`${RULES}/${data.id}`, { title: 'x' }, options)).status).toBe(200);
      expect((await ada.client.put(`${RULES}/${data.id}`, { title: 'y' }, options)).status).toBe(412);
      expect((await ada.client.delete(`${RULES}/${data.id}`, options)).status).toBe(412);
    });

    it('removing it leaves its tasks', async () => {
      const { id } = await create();
      expect((await ada.client.delete(`${RULES}/${id}`)).data).toEqual({ id, deleted: true });
      expect((await ada.client.get(`${RULES}/${id}`)).status).toBe(404);
      const task = await taskOf(id);
      expect((await ada.client.post(`/v1/quests/${task.id}/complete`)).data.next).toBeUndefined();
    });
  });

  describe('leaving a date out', () => {
    it('of those to come', async () => {
      const { id } = await create();
      const { data } = await ada.client.post(`${RULES}/${id}/skip`, { date: day(2) });
      expect([data.exceptions, data.nextDates]).toEqual([[day(2)], [1, 3, 4, 5, 6].map(day)]);
      const next = await ada.client.post(`${RULES}/${id}/skip`, { date: day(1) });
      expect(next.data.nextDates[0]).toBe(day(3));
      expect((await ada.client.post(`${RULES}/${id}/skip`, { date: day(1) })).data.version).toBe(
        next.data.version,
      );
    });

    it('that is made already takes its task back', async () => {
      const { id } = await create();
      await ada.client.post(`${RULES}/${id}/skip`, { date: today });
      expect(await tasksOf(id)).toEqual([]);
    });

    it.each([
      ['has passed', () => day(-1), {}],
      ['is not one of the rule', () => day(1), { interval: 2 }],
    ])('refuses one that %s', async (_, date, fields) => {
      const { id } = await create(fields);
      const { status, error } = await ada.client.post(`${RULES}/${id}/skip`, { date: date() });
      expect([status, error.details?.[0]?.code]).toEqual([400, 'isOccurrence']);
    });

    it('refuses one that is done', async () => {
      const { id } = await create();
      await ada.client.post(`/v1/quests/${(await taskOf(id)).id}/complete`);
      expect((await ada.client.post(`${RULES}/${id}/skip`, { date: today })).status).toBe(400);
    });

    it('stops at a hundred', async () => {
      const exceptions = Array.from({ length: 100 }, (_, days) => day(days + 10));
      const { id } = await create({ exceptions });
      const { status, error } = await ada.client.post(`${RULES}/${id}/skip`, { date: day(1) });
      expect([status, error.code]).toEqual([409, 'EXCEPTION_LIMIT']);
    });
  });

  describe('completing a task', () => {
    it('answers with the next one, which is there from then on, once', async () => {
      const { id } = await create({ interval: 2 });
      const task = await taskOf(id);
      const { data } = await ada.client.post(`/v1/quests/${task.id}/complete?type=task`);
      expect(data).toMatchObject({
        id: task.id,
        status: 'completed',
        next: { dueDate: day(2), status: 'pending' },
      });
      const again = (await ada.client.post(`/v1/quests/${task.id}/complete`)).data;
      expect(again).toEqual(data);
      expect(await tasksOf(id)).toHaveLength(2);
      expect((await ada.client.get(`${RULES}/${id}`)).data).toMatchObject({ made: 2, lastDate: day(2) });
    });

    it('by PUT is the same', async () => {
      const { id } = await create();
      const task = await taskOf(id);
      const { data } = await ada.client.put(`/v1/quests/${task.id}?type=task`, { status: 'completed' });
      expect(data.next).toMatchObject({ dueDate: day(1), recurrenceRuleId: id });
      const again = (await ada.client.put(`/v1/quests/${task.id}?type=task`, { status: 'completed' })).data;
      expect(again.next.id).toBe(data.next.id);
      expect(await tasksOf(id)).toHaveLength(2);
    });

    it('after opening it again makes no third', async () => {
      const { id } = await create();
      const task = await taskOf(id);
      const { next } = (await ada.client.post(`/v1/quests/${task.id}/complete`)).data;
      expect((await ada.client.post(`/v1/quests/${task.id}/reopen`)).data.status).toBe('pending');
      expect((await ada.client.post(`/v1/quests/${task.id}/complete`)).data.next.id).toBe(next.id);
      expect(await tasksOf(id)).toHaveLength(2);
    });

    it('by completion counts from the day it is done', async () => {
      const { id } = await create({ mode: 'completion', interval: 10, startDate: day(-4) });
      const task = await taskOf(id);
      expect(task).toMatchObject({ dueDate: today });
      const { next } = (await ada.client.post(`/v1/quests/${task.id}/complete`)).data;
      expect(next).toMatchObject({ dueDate: day(10) });
      const yesterday = `${day(-1)}T12:00:00Z`;
      const after = (await ada.client.post(`/v1/quests/${next.id}/complete`, { completedAt: yesterday })).data
        .next;
      expect(after).toMatchObject({ dueDate: day(9) });
    });

    it('by completion, again and again on one day, never meets a date of its own', async () => {
      const { id } = await create({ mode: 'completion', interval: 3 });
      const dates = [];
      let { id: open } = await taskOf(id);
      for (let times = 0; times < 4; times += 1) {
        const { status, data } = await ada.client.post(`/v1/quests/${open}/complete`);
        expect(status).toBe(200);
        dates.push(data.next.dueDate);
        open = data.next.id;
      }
      expect(dates).toEqual([3, 6, 9, 12].map(day));
      const daily = await create({ mode: 'completion' });
      const yesterday = { completedAt: `${day(-1)}T22:00:00Z` };
      const done = await ada.client.post(`/v1/quests/${(await taskOf(daily.id)).id}/complete`, yesterday);
      expect(done.data.next.dueDate).toBe(day(1));
    });

    it('by completion counts from the last one done also after a pause or a change', async () => {
      const { id } = await create({ mode: 'completion', interval: 3 });
      await ada.client.put(`${RULES}/${id}`, { status: 'paused' });
      const done = await ada.client.post(`/v1/quests/${(await taskOf(id)).id}/complete`);
      expect(done.data.next).toBeUndefined();
      const resumed = (await ada.client.put(`${RULES}/${id}`, { status: 'active' })).data;
      expect(resumed.nextDates[0]).toBe(day(3));
      expect((await ada.client.put(`${RULES}/${id}`, { endDate: day(100) })).data.nextDates[0]).toBe(day(3));
    });

    it('made ahead holds nothing up when the rule says other dates', async () => {
      const { id } = await create({ frequency: 'yearly' });
      await ada.client.post(`/v1/quests/${(await taskOf(id)).id}/complete`);
      const { data } = await ada.client.put(`${RULES}/${id}`, { frequency: 'daily' });
      expect(data.nextDates[0]).toBe(day(1));
      const weekly = await create();
      for (let times = 0; times < 3; times += 1)
        await ada.client.post(`/v1/quests/${(await taskOf(weekly.id)).id}/complete`);
      await ada.client.put(`${RULES}/${weekly.id}`, { interval: 2 });
      const open = await taskOf(weekly.id);
      expect(open).toMatchObject({ dueDate: day(3) });
      const { next } = (await ada.client.post(`/v1/quests/${open.id}/complete`)).data;
      expect(next).toMatchObject({ dueDate: day(4) });
    });

    it('by completion goes on when its open task is deleted instead', async () => {
      const { id } = await create({ mode: 'completion', interval: 3 });
      const waiting = (await ada.client.get(`${RULES}/${id}`)).data;
      await ada.client.delete(`/v1/quests/${(await taskOf(id)).id}?type=task`);
      const after = (await ada.client.get(`${RULES}/${id}`)).data;
      expect([waiting.nextDates[0], after.nextDates[0], after.made]).toEqual([day(3), day(3), 1]);
    });

    it('ends with the last one', async () => {
      const { id } = await create({ count: 2 });
      const { next } = (await ada.client.post(`/v1/quests/${(await taskOf(id)).id}/complete`)).data;
      expect(next).toMatchObject({ dueDate: day(1) });
      expect((await ada.client.post(`/v1/quests/${next.id}/complete`)).data.next).toBeUndefined();
      expect((await ada.client.get(`${RULES}/${id}`)).data.nextDates).toEqual([]);
    });

    it('of a rule that is paused makes no next one', async () => {
      const { id } = await create();
      await ada.client.put(`${RULES}/${id}`, { status: 'paused' });
      expect(
        (await ada.client.post(`/v1/quests/${(await taskOf(id)).id}/complete`)).data.next,
      ).toBeUndefined();
    });
  });
});

describe('Completing and opening again', () => {
  let app: TestApp;
  let ada: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    ada = await app.person('Ada');
  });
  afterAll(() => app.stop());

  const create = async (type = 'task') =>
    (await ada.client.post('/v1/quests', { type, title: 'Restring', dueDate: '2025-06-25' })).data;

  it.each(['task', 'goal'])('a %s, with or without saying which it is', async (type) => {
    const { id } = await create(type);
    const done = await ada.client.post(`/v1/quests/${id}/complete`);
    expect([done.status, done.data.status]).toEqual([200, 'completed']);
    expect(done.data.completedAt).toMatch(/Z$/);
    expect((await ada.client.get(`/v1/quests/${id}?type=${type}`)).data.completedAt).toBe(
      done.data.completedAt,
    );
    const open = (await ada.client.post(`/v1/quests/${id}/reopen?type=${type}`)).data;
    expect([open.status, open.completedAt]).toEqual([type === 'goal' ? 'active' : 'pending', null]);
  });

  it('keeps the instant that is given, in UTC; the same again is fine, another is a conflict', async () => {
    const { id } = await create();
    const body = { completedAt: '2025-06-25T20:30:00+02:00' };
    const done = (await ada.client.post(`/v1/quests/${id}/complete`, body)).data;
    expect(done.completedAt).toBe('2025-06-25T18:30:00.000Z');
    expect((await ada.client.post(`/v1/quests/${id}/complete`, body)).data).toEqual(done);
    expect((await ada.client.post(`/v1/quests/${id}/complete`)).data).toEqual(done);
    const other = await ada.client.post(`/v1/quests/${id}/complete`, { completedAt: '2025-06-26T00:00:00Z' });
    expect([other.status, other.error.code]).toEqual([409, 'QUEST_ALREADY_COMPLETED']);
  });

  it.each(['2025-06-25', '2025-02-29T00:00:00Z', '2999-01-01T00:00:00Z', 'now', 5])(
    'takes no completedAt of %s',
    async (completedAt) => {
      const { id } = await create();
      const { status, error } = await ada.client.post(`/v1/quests/${id}/complete`, { completedAt });
      expect([status, error.code]).toEqual([400, 'QUEST_VALIDATION_ERROR']);
    },
  );

  it('opening what is open changes nothing', async () => {
    const { id, version } = await create();
    expect((await ada.client.post(`/v1/quests/${id}/reopen`)).data.version).toBe(version);
  });

  it('knows no quest of others', async () => {
    const eve = await app.person('Eve');
    const { id } = await create();
    for (const what of ['complete', 'reopen'])
      expect((await eve.client.post(`/v1/quests/${id}/${what}`)).error.code).toBe('QUEST_NOT_FOUND');
  });
});
