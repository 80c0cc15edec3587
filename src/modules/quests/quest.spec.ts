import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isStatusOf, progressOf, TASK_STATUSES } from './quest.js';

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
