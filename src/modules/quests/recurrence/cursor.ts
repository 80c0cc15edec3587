import { daysAfter } from '../../../platform/local-time.js';
import type { Cursor, Rule, Schedule } from './rule.js';
import { datesFrom, firstFrom, largestCount } from './schedule.js';

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
  const date = firstBut(rule.lastDate, anew(rule, completedOn, today), from);
  return date !== null && date > completedOn ? date : null;
}

/** The pattern from the day of a completion on; or from when the rule is yet to begin. */
const anew = <T extends Schedule>(rule: T, completedOn: string, today: string): T =>
  rule.startDate > today ? rule : { ...rule, startDate: completedOn };

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
export function nextBut(date: string, rule: Schedule & Cursor, today: string): string | null {
  const from = daysAfter(date, 1);
  if (from <= date) return null;
  const { mode, completedOn } = rule;
  return firstFrom(
    mode === 'completion' && completedOn !== null ? anew(rule, completedOn, today) : rule,
    from,
  );
}

/** How far a rule has come, without what it says. */
export const cursorOf = ({ nextDate, lastDate, made, completedOn, moves }: Cursor): Cursor => ({
  nextDate,
  lastDate,
  made,
  completedOn,
  moves,
});

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
  const after = (date: string, next: string | null): Step => ({
    date,
    cursor: { ...cursorOf(rule), nextDate: next, lastDate: date, made: made + 1 },
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

/** Whether a date is one that the rule has yet to come to. */
export function isAhead(rule: Rule, date: string): boolean {
  if (rule.nextDate === null || date < rule.nextDate) return false;
  return date === rule.nextDate || (rule.mode === 'schedule' && firstFrom(rule, date) === date);
}

/** Where a rule stands without a date. @param rule with the exception in it */
export function cursorWithout(date: string, rule: Rule, today: string): Cursor {
  const standing = cursorOf(rule);
  const { nextDate, lastDate } = standing;
  if (rule.mode === 'schedule')
    return date === nextDate ? { ...standing, nextDate: firstFrom(rule, daysAfter(date, 1)) } : standing;
  const moves = date === nextDate || (nextDate === null && date === lastDate);
  return moves
    ? { ...standing, completedOn: date, nextDate: firstAfterCompletion(rule, date, today) }
    : standing;
}
