import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, TestApp } from '../support/test-app.js';

describe('Goals', () => {
  let app: TestApp;
  let ada: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    ada = await app.person('Ada');
  });
  afterAll(() => app.stop());

  const create = async (fields: object = {}) =>
    (
      await ada.client.post('/v1/quests', {
        type: 'goal',
        title: 'Play live',
        dueDate: '2040-12-31',
        ...fields,
      })
    ).data;
  const task = (fields: object) => ada.client.post('/v1/quests', { type: 'task', title: 'Task', ...fields });

  it('are listed by target date, all or of one status', async () => {
    const person = await app.person();
    const goal = (fields: object) =>
      person.client.post('/v1/quests', { type: 'goal', title: 'Goal', ...fields });
    const one = (await goal({ dueDate: '2041-01-01' })).data;
    const other = (await goal({ dueDate: '2040-01-01', status: 'paused' })).data;
    expect((await person.client.get('/v1/quests/goals')).data).toEqual([other, one]);
    expect((await person.client.get('/v1/quests/goals?status=paused')).data).toEqual([other]);
    expect((await person.client.get('/v1/quests/goals?status=pending')).status).toBe(400);
  });

  it('measure themselves by their tasks', async () => {
    const { id } = await create();
    await task({ dueDate: '2040-01-01', goalId: id });
    await task({ dueDate: '2020-01-01', goalId: id });
    await task({ dueDate: '2020-01-01', goalId: id, status: 'completed' });
    const { data } = await ada.client.get(`/v1/quests/goals/${id}/progress`);
    expect(data).toEqual({ total: 3, completed: 1, percent: 33, overdue: 1, milestones: [] });
  });

  describe('Milestones', () => {
    const path = (goalId: string, id?: string) =>
      `/v1/quests/goals/${goalId}/milestones${id === undefined ? '' : `/${id}`}`;
    const add = async (goalId: string, fields: object = {}) =>
      (await ada.client.post(path(goalId), { title: 'Milestone', ...fields })).data;

    it('stand in order: by their number, then as they were made', async () => {
      const { id } = await create();
      for (const [title, sequence] of [
        ['b', undefined],
        ['c', undefined],
        ['a', 0],
        ['d', 2],
      ])
        await add(id, { title, sequence });
      const { data } = await ada.client.get(path(id));
      expect(
        data.map(({ title, sequence }: { title: string; sequence: number }) => `${title}${sequence}`),
      ).toEqual(['a0', 'b1', 'c2', 'd2']);
      expect((await ada.client.get(`/v1/quests/goals/${id}/progress`)).data.milestones).toEqual(data);
    });

    it('are made, changed, done and removed', async () => {
      const { id: goalId } = await create();
      const { data, headers } = await ada.client.post(path(goalId), {
        title: 'First song',
        targetDate: '2040-06-01',
      });
      expect(data).toMatchObject({
        goalId,
        title: 'First song',
        sequence: 1,
        done: false,
        doneAt: null,
        version: 1,
      });
      expect(headers['location']).toBe(path(goalId, data.id));
      const done = (await ada.client.patch(path(goalId, data.id), { done: true })).data;
      expect([done.done, done.doneAt]).toEqual([true, expect.any(String)]);
      const still = (await ada.client.patch(path(goalId, data.id), { done: true, title: 'Song' })).data;
      expect([still.doneAt, still.title]).toEqual([done.doneAt, 'Song']);
      const cleared = (await ada.client.patch(path(goalId, data.id), { done: false, targetDate: null })).data;
      expect([cleared.done, cleared.doneAt, cleared.targetDate]).toEqual([false, null, null]);
      const stale = { headers: { 'If-Match': headers['etag'] ?? '' } };
      expect((await ada.client.delete(path(goalId, data.id), stale)).status).toBe(412);
      expect((await ada.client.delete(path(goalId, data.id))).data).toEqual({ id: data.id, deleted: true });
      expect((await ada.client.patch(path(goalId, data.id), { done: true })).error.code).toBe(
        'MILESTONE_NOT_FOUND',
      );
    });

    it('go with their goal', async () => {
      const { id } = await create();
      await add(id);
      await ada.client.delete(`/v1/quests/${id}?type=goal`);
      expect((await ada.client.get(path(id))).error.code).toBe('GOAL_NOT_FOUND');
      expect((await ada.client.post(path(id), { title: 'x' })).error.code).toBe('GOAL_NOT_FOUND');
    });

    it('are made once under an Idempotency-Key', async () => {
      const { id } = await create();
      const options = { headers: { 'Idempotency-Key': randomUUID() } };
      const bodies = [1, 2, 3].map(() => ada.client.post(path(id), { title: 'Once' }, options));
      await Promise.all(bodies);
      expect((await ada.client.get(path(id))).data).toHaveLength(1);
    });

    it('stop at a hundred', async () => {
      const { id } = await create();
      for (let done = 0; done < 100; done += 20)
        await Promise.all(
          Array.from({ length: 20 }, (_, position) => add(id, { sequence: done + position })),
        );
      const { status, error } = await ada.client.post(path(id), { title: 'x' });
      expect([status, error.code]).toEqual([409, 'MILESTONE_LIMIT']);
    });

    it.each([
      ['title', { title: '' }],
      ['sequence', { sequence: -1 }],
      ['targetDate', { targetDate: '2025-02-30' }],
      ['done', { done: 'yes' }],
      ['goalId', { goalId: 'x' }],
    ])('refuse a bad %s', async (field, fields) => {
      const { id } = await create();
      const { status, error } = await ada.client.post(path(id), { title: 'x', ...fields });
      expect([status, error.code, error.details?.[0]?.field]).toEqual([400, 'QUEST_VALIDATION_ERROR', field]);
    });

    it('belong to their user alone', async () => {
      const eve = await app.person('Eve');
      const { id } = await create();
      const milestone = await add(id);
      expect((await eve.client.get(path(id))).error.code).toBe('GOAL_NOT_FOUND');
      expect((await eve.client.get(`/v1/quests/goals/${id}/progress`)).error.code).toBe('GOAL_NOT_FOUND');
      expect((await eve.client.patch(path(id, milestone.id), { title: 'x' })).error.code).toBe(
        'MILESTONE_NOT_FOUND',
      );
      expect((await eve.client.delete(path(id, milestone.id))).error.code).toBe('MILESTONE_NOT_FOUND');
      expect((await ada.client.delete(path('no-id', milestone.id))).error.code).toBe('GOAL_NOT_FOUND');
    });
  });
});
