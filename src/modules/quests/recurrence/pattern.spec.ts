import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as rruleModule from 'rrule';
import { dateOf, dayOf, daysAfter } from '../../../platform/local-time.js';
import { datesOf, type Pattern, type Weekday } from './pattern.js';

/** A CommonJS module, whose names Node does not see. */
const { RRule } = (rruleModule as unknown as { default: typeof rruleModule }).default;

const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

const between = (first: string, last: string) =>
  fc.integer({ min: dayOf(first), max: dayOf(last) }).map(dateOf);
/** Leap days, ends of months and of years as often as all other days together. */
const start = fc.oneof(
  between('1996-01-01', '2104-12-31'),
  fc.constantFrom(
    '2024-02-29',
    '2096-02-29',
    '2025-01-31',
    '2025-12-31',
    '2024-01-30',
    '2025-02-28',
    '2100-02-28',
  ),
);
const monthDay = fc.oneof(fc.integer({ min: 1, max: 31 }), fc.integer({ min: -31, max: -1 }));
const weekday = (largest: number): fc.Arbitrary<Weekday> =>
  fc.record({
    ordinal:
      largest === 0 ? fc.constant(0) : fc.oneof(fc.constant(0), fc.integer({ min: -largest, max: largest })),
    day: fc.integer({ min: 0, max: 6 }),
  });
const few = <T>(each: fc.Arbitrary<T>, maxLength = 3) => fc.array(each, { maxLength });

const pattern: fc.Arbitrary<Pattern> = fc
  .constantFrom('DAILY' as const, 'WEEKLY' as const, 'MONTHLY' as const, 'YEARLY' as const)
  .chain((frequency) =>
    fc.record({
      frequency: fc.constant(frequency),
      interval: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 14 })),
      byDay: few(weekday({ DAILY: 0, WEEKLY: 0, MONTHLY: 5, YEARLY: 53 }[frequency])),
      byMonthDay: frequency === 'WEEKLY' ? fc.constant([]) : few(monthDay),
      count: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
      until: fc.constant(undefined),
    }),
  );

/** Whether a date is one of the pattern, by what RFC 5545 says of that date alone. */
function isOf(
  { frequency, interval, byDay, byMonthDay, clamped = false }: Pattern,
  one: Date,
  other: Date,
): boolean {
  const weekOf = (instant: Date) => Math.floor((instant.getTime() / 86_400_000 + 3) / 7);
  const monthOf = (instant: Date) => instant.getUTCFullYear() * 12 + instant.getUTCMonth();
  const periods = {
    DAILY: () => (other.getTime() - one.getTime()) / 86_400_000,
    WEEKLY: () => weekOf(other) - weekOf(one),
    MONTHLY: () => monthOf(other) - monthOf(one),
    YEARLY: () => other.getUTCFullYear() - one.getUTCFullYear(),
  }[frequency]();
  if (periods % interval !== 0) return false;
  const [weekday, dayOfMonth] = [other.getUTCDay(), other.getUTCDate()];
  const length = new Date(Date.UTC(other.getUTCFullYear(), other.getUTCMonth() + 1, 0)).getUTCDate();
  if (
    byMonthDay.length > 0 &&
    !byMonthDay.some((each) => each === dayOfMonth || each === dayOfMonth - length - 1)
  )
    return false;
  if (byDay.length > 0) {
    return byDay.some(({ ordinal, day }) => {
      if (day !== weekday || ordinal === 0) return day === weekday;
      const same = (step: number) => {
        let count = 0;
        for (
          let each = new Date(other);
          isInPeriod(each);
          each = new Date(each.getTime() + step * 7 * 86_400_000)
        )
          count += 1;
        return count;
      };
      const isInPeriod = (each: Date) =>
        each.getUTCFullYear() === other.getUTCFullYear() &&
        (frequency === 'YEARLY' || each.getUTCMonth() === other.getUTCMonth());
      return ordinal > 0 ? same(-1) === ordinal : same(1) === -ordinal;
    });
  }
  if (byMonthDay.length > 0 || frequency === 'DAILY') return true;
  if (frequency === 'WEEKLY') return weekday === one.getUTCDay();
  const sameDay = dayOfMonth === one.getUTCDate();
  const lastInstead = clamped && one.getUTCDate() > length && dayOfMonth === length;
  return (sameDay || lastInstead) && (frequency === 'MONTHLY' || other.getUTCMonth() === one.getUTCMonth());
}

function bruteForce(each: Pattern, begin: string, from: string, ahead: number): string[] {
  const dates: string[] = [];
  const one = new Date(`${begin}T00:00:00Z`);
  const last = new Date(`${daysAfter(from, ahead)}T00:00:00Z`);
  const { count = Number.POSITIVE_INFINITY } = each;
  const days = (last.getTime() - one.getTime()) / 86_400_000;
  const day = new Date(one);
  for (let passed = 0; passed <= days && dates.length < count; passed += 1) {
    if (isOf(each, one, day)) dates.push(day.toISOString().slice(0, 10));
    day.setUTCDate(day.getUTCDate() + 1);
  }
  return dates.filter((date) => date >= from);
}

function engine(each: Pattern, begin: string, from: string, days: number): string[] {
  const dates: string[] = [];
  const last = daysAfter(from, days);
  for (const date of datesOf(each, begin, from)) {
    if (date > last) break;
    dates.push(date);
  }
  return dates;
}

/** Of `FR,1FR` rrule takes the first Fridays alone, where RFC 5545 has all of them. */
const isOfOneKind = ({ byDay }: Pattern) => new Set(byDay.map(({ ordinal }) => ordinal === 0)).size < 2;

const ruleText = ({ frequency, interval, byDay, byMonthDay, count }: Pattern) =>
  [
    `FREQ=${frequency}`,
    `INTERVAL=${interval}`,
    ...(byDay.length > 0
      ? [`BYDAY=${byDay.map(({ ordinal, day }) => `${ordinal || ''}${WEEKDAYS[day]}`).join()}`]
      : []),
    ...(byMonthDay.length > 0 ? [`BYMONTHDAY=${byMonthDay.join()}`] : []),
    ...(count === undefined ? [] : [`COUNT=${count}`]),
  ].join(';');

describe('The dates of a pattern', () => {
  it('are those that RFC 5545 names, for 12,000 random rules, from the first or from a later day', () => {
    const later = fc.integer({ min: 0, max: 300 });
    fc.assert(
      fc.property(pattern, start, later, fc.boolean(), (each, begin, days, clamped) => {
        const from = daysAfter(begin, days);
        const wanted = { ...each, clamped };
        expect(engine(wanted, begin, from, 250)).toEqual(bruteForce(wanted, begin, from, 250));
      }),
      { numRuns: 12_000 },
    );
  });

  it('are those of another implementation, for 300 random rules', () => {
    fc.assert(
      fc.property(pattern.filter(isOfOneKind), start, (each, begin) => {
        const dtstart = new Date(`${begin}T00:00:00Z`);
        const options = { ...RRule.parseString(ruleText(each)), dtstart };
        const last = new Date(`${daysAfter(begin, 500)}T00:00:00Z`);
        const theirs = new RRule(options).between(dtstart, last, true);
        expect(engine(each, begin, begin, 500)).toEqual(
          theirs.map((date) => date.toISOString().slice(0, 10)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('come at once from any day on, however long the rule has been there', () => {
    const each: Pattern = { frequency: 'DAILY', interval: 3, byDay: [], byMonthDay: [] };
    expect(datesOf(each, '1900-01-01', '2099-12-31').next().value).toBe('2100-01-02');
  });

  it('end with the last one there can be, and where there is none do not begin', () => {
    const never: Pattern = { frequency: 'MONTHLY', interval: 12, byDay: [], byMonthDay: [31] };
    expect([...datesOf(never, '2025-02-01')]).toEqual([]);
    const always: Pattern = { frequency: 'YEARLY', interval: 1, byDay: [], byMonthDay: [] };
    expect([...datesOf(always, '9995-06-01')]).toHaveLength(5);
    const daily: Pattern = { frequency: 'DAILY', interval: 1, byDay: [], byMonthDay: [] };
    expect([...datesOf({ ...daily, until: '2025-01-03' }, '2025-01-01')]).toHaveLength(3);
  });
});
