import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, TestApp } from '../support/test-app.js';

describe('Statistics', () => {
  let app: TestApp;
  let ada: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    ada = await app.person('Ada');
  });
  afterAll(() => app.stop());

  const done = async ({ client }: Person, dueDate: string, completedAt: string, priority?: string) => {
    const body = { type: 'task', title: 'Task', dueDate, priority };
    const { id } = (await client.post('/v1/quests', body)).data;
    const { data } = await client.post(`/v1/quests/${id}/complete`, { completedAt });
    return data;
  };
  const statistics = async ({ client }: Person, from: string, to: string) =>
    (await client.get(`/v1/quests/stats?from=${from}&to=${to}`)).data;

  it('say what was done, when, and how much of it in time', async () => {
    await done(ada, '2025-03-01', '2025-03-01T10:00:00Z', 'high');
    await done(ada, '2025-03-01', '2025-03-02T10:00:00Z', 'high');
    await done(ada, '2025-03-09', '2025-03-02T11:00:00Z');
    await done(ada, '2025-03-04', '2025-03-04T23:59:59.999Z', 'low');
    expect(await statistics(ada, '2025-03-01', '2025-03-05')).toEqual({
      from: '2025-03-01',
      to: '2025-03-05',
      timezone: 'UTC',
      completed: 4,
      onTime: 3,
      onTimeRate: 0.75,
      currentStreak: 0,
      longestStreak: 2,
      heatmap: [
        { date: '2025-03-01', count: 1 },
        { date: '2025-03-02', count: 2 },
        { date: '2025-03-03', count: 0 },
        { date: '2025-03-04', count: 1 },
        { date: '2025-03-05', count: 0 },
      ],
      byPriority: {
        low: { completed: 1, onTime: 1 },
        medium: { completed: 0, onTime: 0 },
        high: { completed: 2, onTime: 1 },
        none: { completed: 1, onTime: 1 },
      },
    });
  });

  it('forget what is opened again, deleted, or was never done', async () => {
    const person = await app.person();
    const [open, gone] = [
      await done(person, '2025-03-01', '2025-03-01T10:00:00Z'),
      await done(person, '2025-03-01', '2025-03-01T11:00:00Z'),
    ];
    await person.client.post(`/v1/quests/${open.id}/reopen`);
    await person.client.delete(`/v1/quests/${gone.id}?type=task`);
    const { completed, onTimeRate } = await statistics(person, '2025-03-01', '2025-03-01');
    expect([completed, onTimeRate]).toEqual([0, null]);
  });

  it('end today and reach back a leap year, if nothing is said', async () => {
    const person = await app.person();
    const { data } = await person.client.get('/v1/quests/stats');
    expect([data.heatmap.length, data.to]).toEqual([366, new Date().toISOString().slice(0, 10)]);
    await person.client.post('/v1/quests', {
      type: 'task',
      title: 'Now',
      dueDate: data.to,
      status: 'completed',
    });
    expect((await person.client.get('/v1/quests/stats')).data.currentStreak).toBe(1);
  });

  it('reach to the last date there is', async () => {
    const { status, data } = await ada.client.get('/v1/quests/stats?from=9999-12-30&to=9999-12-31');
    expect([status, data.heatmap.length, data.completed]).toEqual([200, 2, 0]);
  });

  it.each([
    ['from=2025-03-02&to=2025-03-01', 'order'],
    ['from=2024-01-01&to=2025-01-01', 'maxRange'],
    ['from=yesterday', 'isDateOnly'],
  ])('refuse %s', async (query, code) => {
    const { status, error } = await ada.client.get(`/v1/quests/stats?${query}`);
    expect([status, error.code, error.details?.[0]?.code]).toEqual([400, 'QUEST_VALIDATION_ERROR', code]);
  });
});
