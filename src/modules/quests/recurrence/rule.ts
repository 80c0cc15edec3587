import { daysAfter } from '../../../platform/local-time.js';
import type { Priority } from '../quest.js';
import { datesOf, type Pattern } from './pattern.js';
import { parseRrule } from './rrule.js';

export const FREQUENCIES = ['daily', 'weekdays', 'weekends', 'weekly', 'monthly', 'yearly'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

export const MODES = ['schedule', 'completion'] as const;
export type Mode = (typeof MODES)[number];

export const RULE_STATUSES = ['active', 'paused'] as const;
export type RuleStatus = (typeof RULE_STATUSES)[number];

export const RULES_PER_USER = 200;
export const EXCEPTIONS_PER_RULE = 100;

/** On which dates. Either by the name of a frequency or by an RRULE, which has interval and end in it. */
export interface Schedule {
  readonly frequency: Frequency | null;
  readonly interval: number;
  /** 0 being Sunday; for `weekly` alone. */
  readonly daysOfWeek: readonly number[] | null;
  readonly rrule: string | null;
  readonly startDate: string;
  readonly endDate: string | null;
  /** How many dates there are; how many tasks, in mode `completion`. */
  readonly count: number | null;
  /** By the calendar, or by when the task before was completed. */
  readonly mode: Mode;
  /** Dates that are left out. */
  readonly exceptions: readonly string[];
  /** The last date, where a count decides it: counted once, and not at every look. */
  readonly endsOn: string | null;
}

/** What each task of a rule says. */
export interface TaskTemplate {
  readonly title: string;
  readonly description: string | null;
  readonly category: string | null;
  readonly priority: Priority | null;
  readonly goalId: string | null;
}

/** How far a rule has come. */
export interface Cursor {
  /** The next date that is neither made nor left out; null when there is none, or the task before must be done first. */
  readonly nextDate: string | null;
  /** The latest date that a task was made for. */
  readonly lastDate: string | null;
  /** How many tasks were made. */
  readonly made: number;
  /** By completion: the day on which the task of `lastDate` was done, or removed. */
  readonly completedOn: string | null;
}

export interface Rule extends Schedule, TaskTemplate, Cursor {
  readonly id: string;
  readonly userId: string;
  readonly status: RuleStatus;
  /** Makes no task while the one before is open. */
  readonly skipIfOpen: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

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
const largestCount = (schedule: Schedule): number => asSaid(schedule).count ?? Number.POSITIVE_INFINITY;

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

/**
 * The first date after a completion, not in the past, and not that of the task itself, which may have been done before
 * its day. The pattern begins anew on the day of the completion.
 */
export function firstAfterCompletion(
  rule: Schedule & Pick<Cursor, 'made' | 'lastDate'>,
  completedOn: string,
  today: string,
): string | null {
  if (rule.made >= largestCount(rule)) return null;
  const tomorrow = daysAfter(completedOn, 1);
  const from = tomorrow > today ? tomorrow : today;
  const date = firstBut(rule.lastDate, { ...rule, startDate: completedOn }, from);
  return date !== null && date > completedOn ? date : null;
}

/** Where a rule goes on from when it is resumed: nothing of the past is made up for. */
export function resumedAt(rule: Schedule & Cursor, today: string): string | null {
  const { lastDate, completedOn } = rule;
  if (rule.mode === 'completion')
    return completedOn === null ? beginningOf(rule, today) : firstAfterCompletion(rule, completedOn, today);
  return firstFrom(rule, lastDate !== null && lastDate >= today ? daysAfter(lastDate, 1) : today);
}

/**
 * Where a rule begins, anew if it says other dates than before: from today on, without the date it has made last. By
 * completion it counts from the last one, and what should have begun by now begins today.
 */
export function beginningOf(rule: Schedule & Cursor, today: string): string | null {
  const { lastDate, startDate, completedOn } = rule;
  if (rule.mode === 'completion') {
    if (completedOn !== null) return firstAfterCompletion(rule, completedOn, today);
    if (rule.made >= largestCount(rule)) return null;
    return firstBut(lastDate, { ...rule, startDate: startDate > today ? startDate : today }, today);
  }
  return firstBut(lastDate, rule, today);
}

function firstBut(date: string | null, schedule: Schedule, from: string): string | null {
  for (const each of datesFrom(schedule, from)) if (each !== date) return each;
  return null;
}

/** Where a rule would go on if a date were not there. */
export function nextBut(date: string, rule: Schedule & Cursor): string | null {
  const from = daysAfter(date, 1);
  if (from <= date) return null;
  const anew = rule.mode === 'completion' && rule.completedOn !== null;
  return firstFrom(anew ? { ...rule, startDate: rule.completedOn ?? rule.startDate } : rule, from);
}

export interface Step {
  /** The date to make a task for. */
  readonly date: string;
  /** Where the rule stands after it. */
  readonly cursor: Cursor;
}

/**
 * The one task that a rule makes next, on `today` or ahead of its day. Of the dates that were missed only the latest is
 * made up for.
 */
export function stepOf(rule: Schedule & Cursor, today: string): Step | undefined {
  const { nextDate, made, completedOn } = rule;
  if (nextDate === null) return undefined;
  const after = (date: string, next: string | null): Step => ({
    date,
    cursor: { nextDate: next, lastDate: date, made: made + 1, completedOn },
  });
  if (rule.mode === 'completion') return after(nextDate, null);
  let date = nextDate;
  for (const later of datesFrom(rule, nextDate)) {
    if (later > nextDate && later > today) return after(date, later);
    date = later;
  }
  return after(date, null);
}

/** The same step without its task. */
export const skipped = ({ cursor }: Step, { lastDate, made }: Cursor): Cursor => ({
  ...cursor,
  lastDate,
  made,
});

/** The next dates; of a rule that is paused, as if it were resumed now. */
export function previewOf(rule: Rule, today: string, count: number): readonly string[] {
  const nextDate = rule.status === 'paused' ? resumedAt(rule, today) : rule.nextDate;
  return rule.mode === 'completion'
    ? previewByCompletion({ ...rule, nextDate }, today, count)
    : previewBySchedule({ ...rule, nextDate }, today, count);
}

function previewBySchedule(rule: Rule, today: string, count: number): readonly string[] {
  if (rule.nextDate === null) return [];
  const dates: string[] = [];
  for (const date of datesFrom(rule, rule.nextDate)) {
    // Of those that were missed only the latest is made up for.
    if (date <= today && date > rule.nextDate) dates.pop();
    if (dates.length === count) break;
    dates.push(date);
  }
  return dates;
}

/** As if every task were done on the day it is due, and an open one that is overdue today. */
function previewByCompletion(rule: Rule, today: string, count: number): readonly string[] {
  const dates: string[] = [];
  let [standing, date]: [Rule, string | null] = [rule, rule.nextDate];
  if (date === null && rule.lastDate !== null)
    date = firstAfterCompletion(rule, rule.lastDate > today ? rule.lastDate : today, today);
  while (dates.length < count && date !== null) {
    dates.push(date);
    standing = { ...standing, lastDate: date, made: standing.made + 1 };
    date = firstAfterCompletion(standing, date, today);
  }
  return dates;
}
