export const QUEST_TYPES = ['goal', 'task'] as const;
export type QuestType = (typeof QUEST_TYPES)[number];

export const PRIORITIES = ['low', 'medium', 'high'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const TASK_STATUSES = ['pending', 'in-progress', 'completed'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export const GOAL_STATUSES = ['active', 'completed', 'paused'] as const;
export type GoalStatus = (typeof GOAL_STATUSES)[number];

export const STATUSES = ['pending', 'in-progress', 'completed', 'active', 'paused'] as const;

export const TASKS_PER_GOAL = 1000;

interface Common {
  readonly id: string;
  readonly userId: string;
  readonly title: string;
  readonly description: string | null;
  readonly category: string | null;
  readonly priority: Priority | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

export interface Task extends Common {
  readonly type: 'task';
  readonly status: TaskStatus;
  readonly dueDate: string;
  /** The goal it serves. */
  readonly goalId: string | null;
  readonly completedAt: string | null;
}

export interface Goal extends Common {
  readonly type: 'goal';
  readonly status: GoalStatus;
  readonly targetDate: string;
}

export type Quest = Task | Goal;

/** The fields that a person sets; `date` is a task's due date or a goal's target date. */
export interface QuestFields {
  readonly title?: string | undefined;
  readonly date?: string | undefined;
  readonly description?: string | null | undefined;
  readonly category?: string | null | undefined;
  readonly priority?: Priority | null | undefined;
  readonly status?: TaskStatus | GoalStatus | undefined;
  readonly goalId?: string | null | undefined;
}

export interface Progress {
  readonly total: number;
  readonly completed: number;
  /** Whole percent, rounded down: 100 only when all is done. */
  readonly percent: number;
  /** Open tasks whose day has passed. */
  readonly overdue: number;
}

export function isStatusOf(type: QuestType, status: string): boolean {
  return (type === 'task' ? TASK_STATUSES : GOAL_STATUSES).some((allowed) => allowed === status);
}

export function progressOf(tasks: readonly Pick<Task, 'status' | 'dueDate'>[], today: string): Progress {
  const total = tasks.length;
  const completed = tasks.filter(({ status }) => status === 'completed').length;
  const overdue = tasks.filter(({ status, dueDate }) => status !== 'completed' && dueDate < today).length;
  return { total, completed, percent: total === 0 ? 0 : Math.floor((100 * completed) / total), overdue };
}

/** The calendar date that it is somewhere, as `YYYY-MM-DD`. */
export function dateIn(timezone: string, instant: Date): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(instant);
  const part = (type: string) => parts.find((entry) => entry.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

/** The calendar date so many days after another. */
export function daysAfter(date: string, days: number): string {
  const instant = new Date(`${date}T00:00:00Z`);
  instant.setUTCDate(instant.getUTCDate() + days);
  return instant.toISOString().slice(0, 10);
}
