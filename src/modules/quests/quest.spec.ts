import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isDateOnly } from '../../http/validation/validation.decorators.js';
import { dateIn, daysAfter, isStatusOf, progressOf, TASK_STATUSES } from './quest.js';

const day = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe('A goal’s progress', () => {
  const task = fc.record({ status: fc.constantFrom(...TASK_STATUSES), dueDate: day });

  it('counts every task once', () => {
    fc.assert(
      fc.property(fc.array(task), day, (tasks, today) => {
        const { total, completed, percent, overdue } = progressOf(tasks, today);
        expect(total).toBe(tasks.length);
        expect(completed + overdue).toBeLessThanOrEqual(total);
        expect(percent === 100).toBe(total > 0 && completed === total);
        expect(percent).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('of nothing is nothing', () => {
    expect(progressOf([], '2025-01-01')).toEqual({ total: 0, completed: 0, percent: 0, overdue: 0 });
  });
});

describe('Calendar dates', () => {
  it('of one instant differ around the world', () => {
    const instant = new Date('2025-03-01T11:30:00Z');
    expect(dateIn('Pacific/Kiritimati', instant)).toBe('2025-03-02');
    expect(dateIn('UTC', instant)).toBe('2025-03-01');
    expect(dateIn('Pacific/Pago_Pago', instant)).toBe('2025-03-01');
    expect(dateIn('Pacific/Pago_Pago', new Date('2025-03-01T10:30:00Z'))).toBe('2025-02-28');
  });

  it('follow each other without a gap, daylight saving or not', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -400, max: 400 }), (date, days) => {
        const other = daysAfter(date, days);
        expect(isDateOnly(other)).toBe(true);
        expect(daysAfter(other, -days)).toBe(date);
        expect(other > date).toBe(days > 0);
      }),
    );
  });

  it('are only what a calendar has', () => {
    for (const date of ['2024-02-29', '2025-12-31', '1900-01-01']) expect(isDateOnly(date)).toBe(true);
    const none = [
      '2025-02-29',
      '2025-13-01',
      '2025-00-10',
      '2025-1-1',
      '1899-12-31',
      '20250101',
      '2025-06-25T00:00:00Z',
      '',
    ];
    for (const date of none) expect(isDateOnly(date)).toBe(false);
  });
});

describe('A status', () => {
  it('belongs to tasks, to goals, or to both', () => {
    expect(
      ['pending', 'in-progress', 'completed', 'active', 'paused'].filter((status) =>
        isStatusOf('task', status),
      ),
    ).toEqual(['pending', 'in-progress', 'completed']);
    expect(isStatusOf('goal', 'completed')).toBe(true);
    expect(isStatusOf('goal', 'pending')).toBe(false);
  });
});
