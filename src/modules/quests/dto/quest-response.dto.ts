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

/** The task that comes after one that was completed and recurs. */
export class FollowingTaskResponse extends QuestResponse {
  type!: 'task';
  /** @format uuid */
  taskId!: string;
  taskName!: string;
  status!: TaskStatus;
  /** @format date */
  dueDate!: string;
  /** @format uuid */
  goalId!: string | null;
  /** The recurrence rule that made it. @format uuid */
  recurrenceRuleId!: string | null;
}

export class TaskResponse extends FollowingTaskResponse {
  /** Where it is completed and recurs: the task that comes after it. */
  next?: FollowingTaskResponse;
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
  /** Another name of `targetDate`. @format date */
  dueDate!: string;
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
  return {
    ...goal,
    goalId: goal.id,
    goalName: goal.title,
    dueDate: goal.targetDate,
    ...(progress && { progress }),
  };
}
