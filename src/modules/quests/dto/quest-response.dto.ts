import type { Goal, GoalStatus, Priority, Progress, Quest, TaskStatus } from '../quest.js';

class QuestResponse {
  /** @format uuid */
  id!: string;
  /** @format uuid */
  userId!: string;
  title!: string;
  description!: string | null;
  category!: string | null;
  priority!: Priority | null;
  version!: number;
  /** @format date-time */
  createdAt!: string;
  /** @format date-time */
  updatedAt!: string;
}

export class TaskResponse extends QuestResponse {
  type!: 'task';
  /** @format uuid */
  taskId!: string;
  taskName!: string;
  status!: TaskStatus;
  /** @format date */
  dueDate!: string;
  goalId!: string | null;
  /** @format date-time */
  completedAt!: string | null;
}

/** How far a goal has come, by its tasks. */
export class ProgressResponse {
  total!: number;
  completed!: number;
  /** Whole percent, rounded down. */
  percent!: number;
  /** Open tasks whose day has passed in the user's time zone. */
  overdue!: number;
}

export class GoalResponse extends QuestResponse {
  type!: 'goal';
  /** @format uuid */
  goalId!: string;
  goalName!: string;
  status!: GoalStatus;
  /** @format date */
  targetDate!: string;
  /** Where one goal is asked for. */
  progress?: ProgressResponse;
}

export class RemovedResponse {
  /** @format uuid */
  id!: string;
  deleted!: true;
}

/** A quest with the seed's own names beside the common ones. */
export function asResponse(quest: Quest): TaskResponse | GoalResponse {
  if (quest.type === 'goal') return goalResponse(quest);
  return { ...quest, taskId: quest.id, taskName: quest.title };
}

export function goalResponse(goal: Goal, progress?: Progress): GoalResponse {
  return { ...goal, goalId: goal.id, goalName: goal.title, ...(progress && { progress }) };
}
