import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dateIn, daysAfter } from '../../../platform/local-time.js';
import { PRIORITIES } from '../quest.js';
import { statisticsOf } from './statistics.js';

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone')];
const DAY_MS = 86_400_000;

/** A history of some weeks, around the days on which clocks change as often as at other times. */
const history = fc
  .record({
    timezone: fc.constantFrom(...ZONES),
    around: fc.constantFrom(
      '2024-03-10',
      '2024-03-31',
      '2024-10-27',
      '2024-11-03',
      '2024-02-29',
      '2024-12-31',
      '2025-06-25',
    ),
    days: fc.integer({ min: 0, max: 40 }),
    ahead: fc.integer({ min: -3, max: 3 }),
  })
  .chain(({ timezone, around, days, ahead }) => {
    const middle = Date.parse(`${around}T00:00:00Z`);
    const task = fc.record({
      completedAt: fc.integer({ min: middle - 25 * DAY_MS, max: middle + 25 * DAY_MS }),
      late: fc.integer({ min: -3, max: 3 }),
      priority: fc.constantFrom(null, ...PRIORITIES),
    });
    return fc.record({
      timezone: fc.constant(timezone),
      from: fc.constant(daysAfter(around, -Math.floor(days / 2))),
      to: fc.constant(daysAfter(around, Math.ceil(days / 2))),
      today: fc.constant(daysAfter(around, Math.ceil(days / 2) + ahead)),
      tasks: fc.array(task, { maxLength: 60 }),
    });
  });

/** The date somewhere, by the locale whose dates are ISO 8601's. */
const localDate = (timezone: string, instant: number) =>
  new Date(instant).toLocaleDateString('sv-SE', { timeZone: timezone });

describe('Statistics', () => {
  it('are those of a model that looks at every day and every task, in all time zones', () => {
    fc.assert(
      fc.property(history, ({ timezone, from, to, today, tasks }) => {
        const completions = tasks
          .map(({ completedAt, late, priority }) => {
            const completedOn = dateIn(timezone, new Date(completedAt));
            return { completedOn, priority, dueDate: daysAfter(completedOn, -late) };
          })
          .filter(({ completedOn }) => completedOn >= from && completedOn <= to);
        const statistics = statisticsOf(completions, { from, to, today });

        const days: string[] = [];
        for (let day = from; day <= to; day = daysAfter(day, 1)) days.push(day);
        const known = tasks.map((task) => ({ ...task, day: localDate(timezone, task.completedAt) }));
        const doneOn = (wanted: string) => known.filter(({ day }) => day === wanted);
        const done = days.flatMap(doneOn);
        expect(statistics.heatmap).toEqual(days.map((date) => ({ date, count: doneOn(date).length })));
        expect(statistics.completed).toBe(done.length);
        const onTime = done.filter(({ late }) => late <= 0).length;
        expect(statistics.onTime).toBe(onTime);
        if (done.length === 0) expect(statistics.onTimeRate).toBeNull();
        else expect(statistics.onTimeRate).toBeCloseTo(onTime / done.length, 4);
        for (const name of [...PRIORITIES, 'none'] as const) {
          const some = done.filter(({ priority }) => (priority ?? 'none') === name);
          expect(statistics.byPriority[name]).toEqual({
            completed: some.length,
            onTime: some.filter(({ late }) => late <= 0).length,
          });
        }

        // Every stretch of days: a streak is one without a day that is over and on which nothing was done.
        const lengths = days.map((_, end) => {
          let length = 0;
          for (let at = end; at >= 0; at -= 1) {
            const day = days[at] ?? '';
            if (doneOn(day).length > 0) length += 1;
            else if (day < today) break;
          }
          return length;
        });
        expect(statistics.longestStreak).toBe(Math.max(0, ...lengths));
        expect(statistics.currentStreak).toBe(lengths.at(-1) ?? 0);
      }),
      { numRuns: 1500 },
    );
  });
});
