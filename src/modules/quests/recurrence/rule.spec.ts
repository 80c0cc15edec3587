import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dateOf, dayOf, daysAfter } from '../../../platform/local-time.js';
import { beginningOf, firstAfterCompletion, previewOf, resumedAt, stepOf } from './cursor.js';
import { type Cursor, FREQUENCIES, type Frequency, type Rule, type Schedule } from './rule.js';
import { datesFrom, endOf } from './schedule.js';

const schedule = (fields: Partial<Schedule> = {}): Schedule => {
  const each: Schedule = {
    frequency: 'daily',
    interval: 1,
    daysOfWeek: null,
    rrule: null,
    startDate: '2025-01-01',
    endDate: null,
    count: null,
    mode: 'schedule',
    exceptions: [],
    endsOn: null,
    ...fields,
  };
  return { ...each, endsOn: endOf(each) };
};

const first = (fields: Partial<Schedule>, many: number) => {
  const dates: string[] = [];
  for (const date of datesFrom(schedule(fields), fields.startDate ?? '2025-01-01')) {
    dates.push(date);
    if (dates.length === many) break;
  }
  return dates;
};

const FRESH: Cursor = { nextDate: null, lastDate: null, made: 0, completedOn: null, moves: 0 };

describe('A rule by name', () => {
  it.each<[string, Partial<Schedule>, string[]]>([
    ['daily', { frequency: 'daily', interval: 2 }, ['2025-01-01', '2025-01-03', '2025-01-05']],
    [
      'weekdays',
      { frequency: 'weekdays', startDate: '2025-01-03' },
      ['2025-01-03', '2025-01-06', '2025-01-07'],
    ],
    [
      'weekends',
      { frequency: 'weekends', startDate: '2025-01-03' },
      ['2025-01-04', '2025-01-05', '2025-01-11'],
    ],
    ['weekly', { frequency: 'weekly' }, ['2025-01-01', '2025-01-08', '2025-01-15']],
    [
      'weekly on days',
      { frequency: 'weekly', daysOfWeek: [0, 3] },
      ['2025-01-01', '2025-01-05', '2025-01-08'],
    ],
    ['monthly', { frequency: 'monthly' }, ['2025-01-01', '2025-02-01', '2025-03-01']],
    [
      'monthly from a 31st: the last day where there is none',
      { frequency: 'monthly', startDate: '2025-01-31' },
      ['2025-01-31', '2025-02-28', '2025-03-31'],
    ],
    [
      'yearly from a leap day: the 28th in other years',
      { frequency: 'yearly', startDate: '2024-02-29' },
      ['2024-02-29', '2025-02-28', '2026-02-28'],
    ],
    [
      'an RRULE leaves out what a month does not have',
      { frequency: null, rrule: 'FREQ=MONTHLY;BYMONTHDAY=31', startDate: '2025-01-31' },
      ['2025-01-31', '2025-03-31', '2025-05-31'],
    ],
    [
      'the last Friday',
      { frequency: null, rrule: 'FREQ=MONTHLY;BYDAY=-1FR' },
      ['2025-01-31', '2025-02-28', '2025-03-28'],
    ],
    [
      'exceptions count, but are not there',
      { count: 3, exceptions: ['2025-01-02'] },
      ['2025-01-01', '2025-01-03'],
    ],
    ['an end', { endDate: '2025-01-02' }, ['2025-01-01', '2025-01-02']],
  ])('%s', (_, fields, dates) => {
    expect(first(fields, 3)).toEqual(dates);
  });
});

describe('By completion', () => {
  const rule = (fields: Partial<Schedule>) => ({ ...schedule({ mode: 'completion', ...fields }), ...FRESH });

  it.each<[string, Partial<Schedule>, string, string | null]>([
    ['every three days', { interval: 3 }, '2025-03-10', '2025-03-13'],
    ['every week', { frequency: 'weekly' }, '2025-03-11', '2025-03-18'],
    ['on Mondays', { frequency: 'weekly', daysOfWeek: [1] }, '2025-03-11', '2025-03-17'],
    ['every month from a 31st', { frequency: 'monthly' }, '2025-01-31', '2025-02-28'],
    [
      'every year from a leap day',
      { frequency: 'yearly', startDate: '2024-02-29' },
      '2024-02-29',
      '2025-02-28',
    ],
    ['on the first', { frequency: null, rrule: 'FREQ=MONTHLY;BYMONTHDAY=1' }, '2025-03-11', '2025-04-01'],
    ['until it ends', { endDate: '2025-03-11' }, '2025-03-11', null],
    ['but for exceptions', { exceptions: ['2025-03-12'] }, '2025-03-11', '2025-03-13'],
  ])('%s', (_, fields, completedOn, next) => {
    expect(firstAfterCompletion(rule(fields), completedOn, completedOn)).toBe(next);
  });

  it('makes as many as were asked for', () => {
    expect(
      firstAfterCompletion({ ...rule({ count: 2 }), made: 1 }, '2025-03-11', '2025-03-11'),
    ).not.toBeNull();
    expect(firstAfterCompletion({ ...rule({ count: 2 }), made: 2 }, '2025-03-11', '2025-03-11')).toBeNull();
    const ruled = rule({ frequency: null, rrule: 'FREQ=DAILY;COUNT=2' });
    expect(firstAfterCompletion({ ...ruled, made: 2 }, '2025-03-11', '2025-03-11')).toBeNull();
  });

  it('a task that is done before its day is followed by another date than its own', () => {
    const ahead = { ...rule({ interval: 3 }), lastDate: '2025-03-13', made: 2 };
    expect(firstAfterCompletion(ahead, '2025-03-10', '2025-03-10')).toBe('2025-03-16');
    const daily = { ...rule({}), lastDate: '2025-03-10', made: 1 };
    expect(firstAfterCompletion(daily, '2025-03-09', '2025-03-10')).toBe('2025-03-11');
    const weekly = { ...rule({ interval: 7 }), lastDate: '2025-03-20', made: 1 };
    expect(firstAfterCompletion(weekly, '2025-03-10', '2025-03-10')).toBe('2025-03-17');
  });

  it('goes on from the last one done when it is changed or resumed, and else from today', () => {
    const done = { ...rule({ interval: 5 }), lastDate: '2025-03-08', completedOn: '2025-03-10', made: 1 };
    expect(resumedAt(done, '2025-03-11')).toBe('2025-03-15');
    expect(beginningOf(done, '2025-03-11')).toBe('2025-03-15');
    expect(resumedAt(done, '2025-04-01')).toBe('2025-04-04');
    expect(resumedAt(rule({ interval: 5 }), '2025-03-11')).toBe('2025-03-11');
  });

  it('does not begin before it begins', () => {
    const done = {
      ...rule({ interval: 3, startDate: '2025-09-01' }),
      lastDate: '2025-06-01',
      completedOn: '2025-06-01',
      made: 1,
    };
    expect(beginningOf(done, '2025-06-02')).toBe('2025-09-01');
  });

  it('ends with the last date there is', () => {
    const last = { ...rule({}), status: 'active', nextDate: '9999-12-30' } as Rule;
    expect(previewOf(last, '9999-12-30', 5)).toEqual(['9999-12-30', '9999-12-31']);
  });

  it('a completion that is told late leads to no date that has passed', () => {
    expect(firstAfterCompletion(rule({ interval: 3 }), '2025-03-01', '2025-03-10')).toBe('2025-03-10');
  });
});

describe('By the calendar', () => {
  it('a rule that says other dates begins from today, also where it was ahead', () => {
    const ahead = { ...schedule({ frequency: 'daily' }), ...FRESH, lastDate: '2026-01-01', made: 2 };
    expect(beginningOf(ahead, '2025-03-11')).toBe('2025-03-11');
    expect(beginningOf({ ...ahead, lastDate: '2025-03-11' }, '2025-03-11')).toBe('2025-03-12');
    expect(resumedAt(ahead, '2025-03-11')).toBe('2026-01-02');
  });

  it('a count is the date with which it ends', () => {
    expect(schedule({ count: 3 }).endsOn).toBe('2025-01-03');
    const counted = schedule({
      frequency: null,
      rrule: 'FREQ=DAILY;BYMONTHDAY=31;BYDAY=MO;COUNT=1000',
      startDate: '1900-01-01',
    });
    expect(counted.endsOn).not.toBeNull();
    expect(datesFrom(counted, counted.endsOn ?? '').next().value).toBe(counted.endsOn);
  });
});

describe('However often and seldom a rule is looked at', () => {
  const named = fc.record({
    frequency: fc.constantFrom<Frequency>(...FREQUENCIES),
    interval: fc.integer({ min: 1, max: 5 }),
    startDate: fc.integer({ min: dayOf('2024-01-01'), max: dayOf('2026-12-31') }).map(dateOf),
    count: fc.option(fc.integer({ min: 1, max: 60 })),
    exceptions: fc.constant([] as string[]),
  });
  /** Days between one look and the next: twice on a day, daily, or after a while. */
  const pauses = fc.array(fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 2, max: 40 })), {
    minLength: 1,
    maxLength: 60,
  });

  it('each date is made at most once, none that is not of the rule, and at most one at a look', () => {
    fc.assert(
      fc.property(named, pauses, (fields, days) => {
        const each = schedule(fields);
        let today = each.startDate;
        let cursor: Cursor = { ...FRESH, nextDate: beginningOf({ ...each, ...FRESH }, today) };
        const made: string[] = [];
        for (const pause of days) {
          today = daysAfter(today, pause);
          const step =
            cursor.nextDate !== null && cursor.nextDate <= today
              ? stepOf({ ...each, ...cursor }, today)
              : undefined;
          if (step) {
            made.push(step.date);
            cursor = step.cursor;
          }
          const dates = [...datesUpTo(each, today)];
          // What is due today is there; of what was missed, the latest.
          expect(made.at(-1) ?? null).toBe(dates.at(-1) ?? null);
          expect(cursor.nextDate === null || cursor.nextDate > today).toBe(true);
          expect(cursor.made).toBe(made.length);
        }
        expect(made).toEqual([...new Set(made)].sort());
        const all = new Set(datesUpTo(each, today));
        expect(made.filter((date) => !all.has(date))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('its preview is what will be made', () => {
    fc.assert(
      fc.property(named, (fields) => {
        const each = schedule(fields);
        const today = each.startDate;
        const cursor: Cursor = { ...FRESH, nextDate: beginningOf({ ...each, ...FRESH }, today) };
        const rule = { ...each, ...cursor, status: 'active' } as Rule;
        const preview = previewOf(rule, today, 8);
        let standing = cursor;
        const made: string[] = [];
        while (made.length < 8 && standing.nextDate !== null) {
          const step = stepOf({ ...each, ...standing }, standing.nextDate);
          if (!step) break;
          made.push(step.date);
          standing = step.cursor;
        }
        expect(preview).toEqual(made);
      }),
    );
  });

  function* datesUpTo(each: Schedule, today: string): Generator<string> {
    for (const date of datesFrom(each, each.startDate)) {
      if (date > today) return;
      yield date;
    }
  }
});
