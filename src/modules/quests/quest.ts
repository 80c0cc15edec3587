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
  readonly completedAt: string | null;
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
  /** The recurrence rule that made it. */
  readonly recurrenceRuleId: string | null;
  /** The date of the rule that it was made for; its due date may have been moved since. */
  readonly occurrence: string | null;
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
  /** When it was completed, where that is not now. */
  readonly completedAt?: string | undefined;
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
