import { datesOf, type Pattern } from './pattern.js';
import { parseRrule } from './rrule.js';
import type { Frequency, Schedule } from './rule.js';

const WEEKDAYS = [1, 2, 3, 4, 5];
const WEEKEND = [0, 6];

/** The pattern of a schedule without its count, which `endsOn` or the number of tasks stands for. @throws {RruleFault} */
function patternOf(schedule: Schedule): Pattern {
  const { endDate, endsOn } = schedule;
  const { count: _, ...pattern } = asSaid(schedule);
  return { ...pattern, until: endsOn ?? endDate ?? pattern.until };
}

const asSaid = ({ frequency, interval, daysOfWeek, rrule, count }: Schedule): Pattern => {
  const pattern = rrule === null ? named(frequency ?? 'daily', interval, daysOfWeek) : parseRrule(rrule);
  return { ...pattern, count: count ?? pattern.count };
};

/** The last date of a schedule that goes by the calendar and has a count; it walks through all of them. */
export function endOf(schedule: Schedule): string | null {
  const pattern = asSaid(schedule);
  if (pattern.count === undefined || schedule.mode === 'completion') return null;
  let last: string | null = null;
  for (const date of datesOf(pattern, schedule.startDate)) last = date;
  return last;
}

/** How many tasks a rule of mode `completion` makes. */
export const largestCount = (schedule: Schedule): number =>
  asSaid(schedule).count ?? Number.POSITIVE_INFINITY;

function named(frequency: Frequency, interval: number, daysOfWeek: readonly number[] | null): Pattern {
  const on = (days: readonly number[]) => days.map((day) => ({ ordinal: 0, day }));
  const none = { interval, byDay: [], byMonthDay: [] };
  const patterns: Readonly<Record<Frequency, Pattern>> = {
    daily: { ...none, frequency: 'DAILY' },
    weekdays: { ...none, frequency: 'WEEKLY', byDay: on(WEEKDAYS) },
    weekends: { ...none, frequency: 'WEEKLY', byDay: on(WEEKEND) },
    weekly: { ...none, frequency: 'WEEKLY', byDay: on(daysOfWeek ?? []) },
    monthly: { ...none, frequency: 'MONTHLY', clamped: true },
    yearly: { ...none, frequency: 'YEARLY', clamped: true },
  };
  return patterns[frequency];
}

/** The dates of a schedule from a day on, its exceptions left out. */
export function* datesFrom(schedule: Schedule, from: string): Generator<string> {
  for (const date of datesOf(patternOf(schedule), schedule.startDate, from))
    if (!schedule.exceptions.includes(date)) yield date;
}

export const firstFrom = (schedule: Schedule, from: string): string | null =>
  datesFrom(schedule, from).next().value ?? null;
