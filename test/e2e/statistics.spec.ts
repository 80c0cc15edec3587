import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { daysAfter } from '../../src/platform/local-time.js';
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

  it.each([
    ['from=2025-03-02&to=2025-03-01', 'order'],
    ['from=2024-01-01&to=2025-01-01', 'maxRange'],
    ['from=yesterday', 'isDateOnly'],
  ])('refuse %s', async (query, code) => {
    const { status, error } = await ada.client.get(`/v1/quests/stats?${query}`);
    expect([status, error.code, error.details?.[0]?.code]).toEqual([400, 'QUEST_VALIDATION_ERROR', code]);
  });

  it('are those of a model over random histories, in time zones where the clocks change', async () => {
    const HOUR_MS = 3_600_000;
    const history = fc.record({
      timezone: fc.constantFrom(
        'Europe/Stockholm',
        'America/New_York',
        'Africa/Cairo',
        'Australia/Lord_Howe',
        'Pacific/Chatham',
        'Pacific/Kiritimati',
        'Pacific/Pago_Pago',
      ),
      change: fc.constantFrom('2025-03-09', '2025-03-30', '2025-04-06', '2025-10-26', '2025-11-02'),
      hours: fc.array(fc.integer({ min: -72, max: 72 }), { minLength: 1, maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(history, async ({ timezone, change, hours }) => {
        const person = await app.person();
        await person.client.put('/v1/user/preferences', { timezone });
        const instants = hours.map((hour) => new Date(Date.parse(`${change}T00:00:00Z`) + hour * HOUR_MS));
        await Promise.all(instants.map((instant) => done(person, change, instant.toISOString())));
        const localDate = (instant: Date) => instant.toLocaleDateString('sv-SE', { timeZone: timezone });
        const [from, to] = [daysAfter(change, -2), daysAfter(change, 1)];
        const counted = instants.map(localDate).filter((date) => date >= from && date <= to);
        const { completed, onTime, heatmap } = await statistics(person, from, to);
        expect(completed).toBe(counted.length);
        expect(onTime).toBe(counted.filter((date) => date <= change).length);
        for (const { date, count } of heatmap)
          expect([date, count]).toEqual([date, counted.filter((each) => each === date).length]);
      }),
      { numRuns: 12 },
    );
  }, 60_000);
});
