import type { Goal, GoalStatus, Priority, Progress, Quest, Task, TaskStatus } from '../quest.js';

class QuestResponse {
  /** @format uuid */
  id!: string;
  /** @format uuid */
  userId!: string;
  title!: string;
  description!: string | null;
  category!: string | null;
  priority!: Priority | null;
  /** @format date-time */
  completedAt!: string | null;
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
  /** The recurrence rule that made it. */
  recurrenceRuleId!: string | null;
  /** Where it is completed and recurs: the task that comes after it. */
  next?: TaskResponse;
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

/** A quest with the seed's own names beside the common ones. */
export function asResponse(quest: Quest, next?: Task): TaskResponse | GoalResponse {
  return quest.type === 'goal' ? goalResponse(quest) : taskResponse(quest, next);
}

export function taskResponse(task: Task, next?: Task): TaskResponse {
  const { occurrence: _o, ...shown } = task;
  return { ...shown, taskId: task.id, taskName: task.title, ...(next && { next: taskResponse(next) }) };
}

export function goalResponse(goal: Goal, progress?: Progress): GoalResponse {
  return { ...goal, goalId: goal.id, goalName: goal.title, ...(progress && { progress }) };
}
