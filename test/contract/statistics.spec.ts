import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { daysAfter } from '../../src/platform/local-time.js';
import { type Person, TestApp } from '../support/test-app.js';

describe('Statistics, through the API', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());

  const done = async ({ client }: Person, dueDate: string, completedAt: Date) => {
    const { id } = (await client.post('/v1/quests', { type: 'task', title: 'Task', dueDate })).data;
    await client.post(`/v1/quests/${id}/complete`, { completedAt: completedAt.toISOString() });
  };

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
        await Promise.all(instants.map((instant) => done(person, change, instant)));
        const localDate = (instant: Date) => instant.toLocaleDateString('sv-SE', { timeZone: timezone });
        const [from, to] = [daysAfter(change, -2), daysAfter(change, 1)];
        const counted = instants.map(localDate).filter((date) => date >= from && date <= to);
        const { completed, onTime, heatmap } = (
          await person.client.get(`/v1/quests/stats?from=${from}&to=${to}`)
        ).data;
        expect(completed).toBe(counted.length);
        expect(onTime).toBe(counted.filter((date) => date <= change).length);
        for (const { date, count } of heatmap)
          expect([date, count]).toEqual([date, counted.filter((each) => each === date).length]);
      }),
      { numRuns: 12 },
    );
  });
});
