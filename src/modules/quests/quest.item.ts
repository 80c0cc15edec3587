import {
  type Change,
  compact,
  type Item,
  type Key,
  type NewItem,
  type Range,
} from '../../platform/dynamodb/item.js';
import { type DueQueue, placeIn } from '../../platform/dynamodb/due-items.js';
import type { Goal, GoalStatus, Priority, Quest, QuestFields, QuestType, Task, TaskStatus } from './quest.js';

export const PREFIX = { task: 'TASK#', goal: 'GOAL#' } as const;

export const questKey = (userId: string, type: QuestType, id: string): Key => ({
  PK: `USER#${userId}`,
  SK: `${PREFIX[type]}${id}`,
});

/** The milestones of a goal, which go with it. */
export const milestonesOf = (userId: string, goalId: string): Range => ({
  partition: `USER#${userId}`,
  prefix: `MILESTONE#${goalId}#`,
});

/** Of the rows that count milestones and tasks, one a goal. */
export const milestoneCountKey = (userId: string, goalId: string): Key => ({
  PK: `USER#${userId}`,
  SK: `COUNT#MILESTONE#${goalId}`,
});
export const milestoneCountsOf = (userId: string): Range => ({
  partition: `USER#${userId}`,
  prefix: 'COUNT#MILESTONE#',
});
export const taskCountKey = (userId: string, goalId: string): Key => ({
  PK: `USER#${userId}`,
  SK: `COUNT#TASK#${goalId}`,
});
export const taskCountsOf = (userId: string): Range => ({
  partition: `USER#${userId}`,
  prefix: 'COUNT#TASK#',
});

/** Where lists are kept; each begins with its owner, so that no list can reach another's. */
export const partitions = {
  /** By the instant of completion. */
  doneTasks: (userId: string) => `USER#${userId}#DONE`,
  tasksByDate: (userId: string) => `USER#${userId}#DUE`,
  openTasks: (userId: string) => `USER#${userId}#OPEN`,
  goals: (userId: string) => `USER#${userId}#GOAL`,
  tasksOfGoal: (userId: string, goalId: string) => `USER#${userId}#GOAL#${goalId}`,
};

/** All of a person's, of one type. */
export const questsOf = (userId: string, type: QuestType): Range => ({
  partition: `USER#${userId}`,
  prefix: PREFIX[type],
});

/** The tasks of a goal, in no order that means anything. */
export const tasksOfGoal = (userId: string, goalId: string): Range => ({
  index: 'GSI2',
  partition: partitions.tasksOfGoal(userId, goalId),
});

interface TaskPlace {
  readonly userId: string;
  readonly id: string;
  readonly dueDate: string;
  readonly status: TaskStatus;
  readonly goalId: string | null;
  readonly completedAt: string | null;
}

/** A task is among the open ones, or among those that are done. */
const taskIndexes = ({ userId, id, dueDate, status, goalId, completedAt }: TaskPlace) => ({
  GSI1PK: partitions.tasksByDate(userId),
  GSI1SK: `${dueDate}#${id}`,
  GSI2PK: goalId === null ? null : partitions.tasksOfGoal(userId, goalId),
  GSI2SK: goalId === null ? null : `${status}#${dueDate}#${id}`,
  GSI3PK: completedAt === null ? partitions.openTasks(userId) : partitions.doneTasks(userId),
  GSI3SK: `${completedAt ?? dueDate}#${id}`,
});

const goalIndexes = (userId: string, id: string, status: GoalStatus, targetDate: string) => ({
  GSI1PK: partitions.goals(userId),
  GSI1SK: `${status}#${targetDate}#${id}`,
});

/** The change that takes a task out of its goal. */
export const unlinked: Change = { goalId: null, GSI2PK: null, GSI2SK: null };

/** Where goals are whose removal a request began, for the sweeper to finish what it could not. */
export const LEAVING_GOALS: DueQueue = { index: 'GSI2', name: 'GOAL#LEAVING' };
/** Longer than any request may take: a removal that is still under way is left alone. */
const UNDER_WAY_MS = 60_000;

/** The change that hides a goal while its tasks are being unlinked. */
export const hidden = (userId: string, id: string, now: Date): Change => ({
  deleting: true,
  GSI1PK: null,
  GSI1SK: null,
  ...placeIn(LEAVING_GOALS, userId, new Date(now.getTime() + UNDER_WAY_MS), `${userId}#${id}`),
});

export const isHidden = (item: Item): boolean => item['deleting'] === true;

/** @param occurrence the rule and the date that the task is made for */
export function newTaskItem(
  userId: string,
  id: string,
  fields: QuestFields,
  now: string,
  occurrence?: { readonly recurrenceRuleId: string; readonly occurrence: string },
): NewItem {
  const { title, description, category, priority, date = '', goalId = null } = fields;
  const status = (fields.status ?? 'pending') as TaskStatus;
  const completedAt = status === 'completed' ? now : null;
  return compact({
    ...questKey(userId, 'task', id),
    ...taskIndexes({ userId, id, dueDate: date, status, goalId, completedAt }),
    EntityType: 'TASK',
    Status: status.toUpperCase(),
    title,
    description,
    category,
    priority,
    dueDate: date,
    goalId,
    completedAt,
    ...occurrence,
  });
}

export function newGoalItem(userId: string, id: string, fields: QuestFields, now: string): NewItem {
  const { title, description, category, priority, date = '' } = fields;
  const status = (fields.status ?? 'active') as GoalStatus;
  return compact({
    ...questKey(userId, 'goal', id),
    ...goalIndexes(userId, id, status, date),
    EntityType: 'GOAL',
    Status: status.toUpperCase(),
    title,
    description,
    category,
    priority,
    targetDate: date,
    completedAt: status === 'completed' ? now : null,
  });
}

/** Whether a change moves the quest within an index, so that its other fields must be known. */
export const movesInIndex = ({ date, status, goalId }: QuestFields): boolean =>
  date !== undefined || status !== undefined || goalId !== undefined;

/** A change that moves nothing. */
export const plainChange = ({ title, description, category, priority }: QuestFields): Change => ({
  title,
  description,
  category,
  priority,
});

/** The whole change of a task, its places in the indexes included. */
export function taskChange(task: Task, fields: QuestFields, now: string): Change {
  const dueDate = fields.date ?? task.dueDate;
  const status = (fields.status ?? task.status) as TaskStatus;
  const goalId = fields.goalId === undefined ? task.goalId : fields.goalId;
  const completedAt = completionOf(task, fields, now);
  return {
    ...plainChange(fields),
    ...taskIndexes({ userId: task.userId, id: task.id, dueDate, status, goalId, completedAt }),
    Status: status.toUpperCase(),
    dueDate,
    goalId,
    completedAt,
  };
}

/** The first completion counts until the quest is opened again. */
const completionOf = (quest: Quest, { status = quest.status, completedAt }: QuestFields, now: string) =>
  status === 'completed' ? (quest.completedAt ?? completedAt ?? now) : null;

export function goalChange(goal: Goal, fields: QuestFields, now: string): Change {
  const targetDate = fields.date ?? goal.targetDate;
  const status = (fields.status ?? goal.status) as GoalStatus;
  return {
    ...plainChange(fields),
    ...goalIndexes(goal.userId, goal.id, status, targetDate),
    Status: status.toUpperCase(),
    targetDate,
    completedAt: completionOf(goal, fields, now),
  };
}

export function questFrom(item: Item): Quest {
  const common = {
    id: item.SK.slice(PREFIX.task.length),
    userId: item.PK.slice('USER#'.length),
    title: item['title'] as string,
    description: (item['description'] as string | undefined) ?? null,
    category: (item['category'] as string | undefined) ?? null,
    priority: (item['priority'] as Priority | undefined) ?? null,
    completedAt: (item['completedAt'] as string | undefined) ?? null,
    createdAt: item.CreatedAt,
    updatedAt: item.UpdatedAt,
    version: item.Version,
  };
  const status = item.Status?.toLowerCase();
  if (item.EntityType === 'GOAL') {
    return {
      ...common,
      type: 'goal',
      status: status as GoalStatus,
      targetDate: item['targetDate'] as string,
    };
  }
  return {
    ...common,
    type: 'task',
    status: status as TaskStatus,
    dueDate: item['dueDate'] as string,
    goalId: (item['goalId'] as string | undefined) ?? null,
    recurrenceRuleId: (item['recurrenceRuleId'] as string | undefined) ?? null,
    occurrence: (item['occurrence'] as string | undefined) ?? null,
  };
}
