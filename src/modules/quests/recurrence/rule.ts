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

/** @throws {RruleFault} */
export function patternOf({
  frequency,
  interval,
  daysOfWeek,
  rrule,
  endDate,
  count,
  mode,
}: Schedule): Pattern {
  const pattern = rrule === null ? named(frequency ?? 'daily', interval, daysOfWeek) : parseRrule(rrule);
  const until = endDate ?? pattern.until;
  return { ...pattern, until, count: mode === 'completion' ? undefined : (count ?? pattern.count) };
}

/** How many tasks a rule of mode `completion` makes. */
const largestCount = ({ rrule, count }: Schedule): number =>
  count ?? (rrule === null ? undefined : parseRrule(rrule).count) ?? Number.POSITIVE_INFINITY;

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

/** The first date after a completion, and not in the past: the pattern begins anew on the day of the completion. */
export function firstAfterCompletion(
  rule: Schedule & Pick<Cursor, 'made'>,
  completedOn: string,
  today: string,
) {
  if (rule.made >= largestCount(rule)) return null;
  const tomorrow = daysAfter(completedOn, 1);
  const renewed = { ...rule, startDate: completedOn };
  return firstFrom(renewed, tomorrow > today ? tomorrow : today);
}

/**
 * Where a rule begins, or goes on after it was changed or paused: nothing of the past is made up for. By completion,
 * what should have begun by now begins today.
 */
export function startOf(rule: Schedule & Cursor, today: string): string | null {
  const { lastDate, startDate } = rule;
  const from = lastDate !== null && lastDate >= today ? daysAfter(lastDate, 1) : today;
  if (rule.mode === 'schedule') return firstFrom(rule, from);
  if (rule.made >= largestCount(rule)) return null;
  return firstFrom({ ...rule, startDate: startDate > from ? startDate : from }, from);
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
  const { nextDate, made } = rule;
  if (nextDate === null) return undefined;
  if (rule.mode === 'completion')
    return { date: nextDate, cursor: { nextDate: null, lastDate: nextDate, made: made + 1 } };
  let date = nextDate;
  for (const later of datesFrom(rule, nextDate)) {
    if (later > nextDate && later > today)
      return { date, cursor: { nextDate: later, lastDate: date, made: made + 1 } };
    date = later;
  }
  return { date, cursor: { nextDate: null, lastDate: date, made: made + 1 } };
}

/** The same step without its task. */
export const skipped = ({ cursor }: Step, { lastDate, made }: Cursor): Cursor => ({
  ...cursor,
  lastDate,
  made,
});

/** The next dates, as if every task of mode `completion` were done on the day it is due. */
export function previewOf(rule: Rule, today: string, count: number): readonly string[] {
  const dates: string[] = [];
  let cursor: Cursor = { ...rule, nextDate: rule.status === 'paused' ? startOf(rule, today) : rule.nextDate };
  const waiting = rule.mode === 'completion' && cursor.nextDate === null && rule.lastDate !== null;
  if (waiting && rule.lastDate !== null) {
    const completedOn = rule.lastDate > today ? rule.lastDate : today;
    cursor = { ...cursor, nextDate: firstAfterCompletion(rule, completedOn, today) };
  }
  while (dates.length < count && cursor.nextDate !== null) {
    const step = stepOf({ ...rule, ...cursor }, today);
    if (!step) break;
    dates.push(step.date);
    cursor = step.cursor;
    if (rule.mode === 'completion')
      cursor = { ...cursor, nextDate: firstAfterCompletion({ ...rule, ...cursor }, step.date, today) };
  }
  return dates;
}
