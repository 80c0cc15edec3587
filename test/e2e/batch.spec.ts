import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, TestApp } from '../support/test-app.js';

describe('A batch', () => {
  let app: TestApp;
  let ada: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    ada = await app.person('Ada');
  });
  afterAll(() => app.stop());

  const newTask = (fields: object = {}) => ({
    op: 'create',
    type: 'task',
    title: 'Task',
    dueDate: '2040-01-01',
    ...fields,
  });
  const batch = (operations: unknown, options = {}) =>
    ada.client.post('/v1/quests/batch', { operations }, options);
  const made = async (fields: object = {}) => (await batch([newTask(fields)])).data[0].quest;
  const everything = async () => (await ada.client.get('/v1/quests?from=1900-01-01&limit=100')).data;

  it('does all of it', async () => {
    const [renamed, done, open, gone] = await Promise.all([1, 2, 3, 4].map(() => made()));
    await ada.client.post(`/v1/quests/${open.id}/complete`);
    const { status, data } = await batch([
      newTask({ title: 'New' }),
      { op: 'create', type: 'goal', goalName: 'Goal', targetDate: '2041-01-01' },
      { op: 'update', type: 'task', id: renamed.id, title: 'Renamed', dueDate: '2040-02-02' },
      { op: 'complete', id: done.id, completedAt: '2025-01-01T00:00:00Z' },
      { op: 'reopen', id: open.id, type: 'task' },
      { op: 'delete', id: gone.id, type: 'task' },
    ]);
    expect(status).toBe(200);
    expect(data.map(({ op }: { op: string }) => op)).toEqual([
      'create',
      'create',
      'update',
      'complete',
      'reopen',
      'delete',
    ]);
    expect(data[0].quest).toMatchObject({ title: 'New', status: 'pending', version: 1 });
    expect(data[1].quest).toMatchObject({ type: 'goal', title: 'Goal' });
    expect(data[2].quest).toMatchObject({ title: 'Renamed', dueDate: '2040-02-02', version: 2 });
    expect(data[3].quest).toMatchObject({ status: 'completed', completedAt: '2025-01-01T00:00:00.000Z' });
    expect(data[4].quest).toMatchObject({ status: 'pending', completedAt: null });
    expect(data[5]).toEqual({ op: 'delete', id: gone.id });
    for (const { op, quest } of data.filter(({ op }: { op: string }) => op !== 'delete')) {
      const { progress: _, ...standing } = (await ada.client.get(`/v1/quests/${quest.id}?type=${quest.type}`))
        .data;
      expect([op, standing]).toEqual([op, quest]);
    }
    expect((await ada.client.get(`/v1/quests/${gone.id}`)).status).toBe(404);
  });

  it('or nothing, and says what stood in the way', async () => {
    const task = await made();
    const before = await everything();
    const { status, error } = await batch([
      newTask(),
      { op: 'update', type: 'task', id: task.id, title: 'x' },
      { op: 'complete', id: randomUUID() },
      { op: 'delete', type: 'task', id: 'no-id' },
      { op: 'update', type: 'goal', id: randomUUID(), title: 'x' },
      newTask({ goalId: randomUUID() }),
      newTask({ status: 'paused' }),
    ]);
    expect([status, error.code]).toEqual([422, 'BATCH_FAILED']);
    expect(error.details?.map(({ field, code }) => `${field} ${code}`)).toEqual([
      'operations[2] QUEST_NOT_FOUND',
      'operations[3] QUEST_NOT_FOUND',
      'operations[4] QUEST_NOT_FOUND',
      'operations[6].status isStatusOfType',
    ]);
    const linked = await batch([newTask(), newTask({ goalId: randomUUID() })]);
    expect(linked.error.details?.map(({ field, code }) => `${field} ${code}`)).toEqual([
      'operations[1] GOAL_NOT_FOUND',
    ]);
    expect(await everything()).toEqual(before);
  });

  it('links several tasks to one goal, which it may change too', async () => {
    const goal = (await ada.client.post('/v1/quests', { type: 'goal', title: 'Goal', dueDate: '2041-01-01' }))
      .data;
    const { status, data } = await batch([
      newTask({ goalId: goal.id }),
      newTask({ goalId: goal.id }),
      { op: 'update', type: 'goal', id: goal.id, status: 'paused' },
    ]);
    expect([status, data[2].quest.status]).toEqual([200, 'paused']);
    expect((await ada.client.get(`/v1/quests/goals/${goal.id}/progress`)).data.total).toBe(2);
  });

  it('completes what recurs, with the next ones', async () => {
    const startDate = new Date().toISOString().slice(0, 10);
    const rules = await Promise.all(
      [1, 2].map((each) =>
        ada.client.post('/v1/quests/recurrence-rules', {
          title: `Rule ${each}`,
          frequency: 'daily',
          startDate,
        }),
      ),
    );
    const ids = new Set(rules.map(({ data }) => data.id));
    const tasks = (await ada.client.get(`/v1/quests?date=${startDate}`)).data.filter(
      ({ recurrenceRuleId }: { recurrenceRuleId: string }) => ids.has(recurrenceRuleId),
    );
    const { data } = await batch(tasks.map(({ id }: { id: string }) => ({ op: 'complete', id })));
    expect(data.map(({ quest }: { quest: { next?: object } }) => quest.next !== undefined)).toEqual([
      true,
      true,
    ]);
  });

  it('of 25 is taken, of 26 or none is not', async () => {
    expect((await batch(Array.from({ length: 25 }, () => newTask()))).data).toHaveLength(25);
    for (const operations of [Array.from({ length: 26 }, () => newTask()), [], 'all', undefined])
      expect((await batch(operations)).error.code).toBe('QUEST_VALIDATION_ERROR');
  });

  it('runs once under an Idempotency-Key', async () => {
    const options = { headers: { 'Idempotency-Key': randomUUID() } };
    const before = (await everything()).length;
    const one = await batch([newTask(), newTask()], options);
    const other = await batch([newTask(), newTask()], options);
    expect([other.data, other.headers['idempotent-replayed']]).toEqual([one.data, 'true']);
    expect(await everything()).toHaveLength(Math.min(100, before + 2));
  });

  it.each([
    ['operations[0].op', { op: 'destroy' }],
    ['operations[0].op', {}],
    ['operations[0].title', { op: 'create', type: 'task', dueDate: '2040-01-01' }],
    ['operations[0].type', { op: 'update', type: 'wish', id: 'x', title: 'x' }],
    ['operations[0].id', { op: 'complete' }],
    ['operations[0].type', { op: 'delete', type: 'goal', id: 'x' }],
    ['operations[0].userId', newTask({ userId: 'x' })],
    ['operations[0].title', newTask({ title: 'a\u0000b' })],
  ])('refuses a bad %s: %j', async (field, operation) => {
    const { status, error } = await batch([operation]);
    expect([status, error.code]).toEqual([400, 'QUEST_VALIDATION_ERROR']);
    expect(error.details?.map((detail) => detail.field)).toContain(field);
  });

  it.each([[null], [[]], ['create'], [5]])('takes no %j for an operation', async (operation) => {
    for (const operations of [[operation], [newTask(), operation]]) {
      const { status, error } = await batch(operations);
      expect([status, error.code]).toEqual([400, 'QUEST_VALIDATION_ERROR']);
    }
  });

  it('names a quest once', async () => {
    const { id } = await made();
    const { status, error } = await batch([
      { op: 'complete', id },
      { op: 'delete', type: 'task', id },
    ]);
    expect([status, error.details?.[0]]).toEqual([
      400,
      expect.objectContaining({ field: 'operations[1].id', code: 'isUnique' }),
    ]);
  });
});
