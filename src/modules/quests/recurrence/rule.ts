import type { Priority } from '../quest.js';

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
  /** The date that a task was made for most recently. */
  readonly lastDate: string | null;
  /** How many tasks were made. */
  readonly made: number;
  /** By completion: the day on which the task of `lastDate` was done, or removed. */
  readonly completedOn: string | null;
  /** How often it was moved, so that nobody moves it from where it was before. */
  readonly moves: number;
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
