import type { Change, Item, Key, NewItem } from '../../platform/dynamodb/item.js';
import type { Goal, GoalStatus, Priority, Quest, QuestFields, QuestType, Task, TaskStatus } from './quest.js';

export const PREFIX = { task: 'TASK#', goal: 'GOAL#' } as const;

export const questKey = (userId: string, type: QuestType, id: string): Key => ({
  PK: `USER#${userId}`,
  SK: `${PREFIX[type]}${id}`,
});

/** Where lists are kept; each begins with its owner, so that no list can reach another's. */
export const partitions = {
  tasksByDate: (userId: string) => `USER#${userId}#DUE`,
  openTasks: (userId: string) => `USER#${userId}#OPEN`,
  goals: (userId: string) => `USER#${userId}#GOAL`,
  tasksOfGoal: (userId: string, goalId: string) => `USER#${userId}#GOAL#${goalId}`,
};

interface TaskPlace {
  readonly userId: string;
  readonly id: string;
  readonly dueDate: string;
  readonly status: TaskStatus;
  readonly goalId: string | null;
}

const taskIndexes = ({ userId, id, dueDate, status, goalId }: TaskPlace) => ({
  GSI1PK: partitions.tasksByDate(userId),
  GSI1SK: `${dueDate}#${id}`,
  GSI2PK: goalId === null ? null : partitions.tasksOfGoal(userId, goalId),
  GSI2SK: goalId === null ? null : `${status}#${dueDate}#${id}`,
  GSI3PK: status === 'completed' ? null : partitions.openTasks(userId),
  GSI3SK: status === 'completed' ? null : `${dueDate}#${id}`,
});

const goalIndexes = (userId: string, id: string, status: GoalStatus, targetDate: string) => ({
  GSI1PK: partitions.goals(userId),
  GSI1SK: `${status}#${targetDate}#${id}`,
});

/** The change that takes a task out of its goal. */
export const unlinked: Change = { goalId: null, GSI2PK: null, GSI2SK: null };

/** The change that hides a goal while its tasks are being unlinked. */
export const hidden: Change = { deleting: true, GSI1PK: null, GSI1SK: null };

export const isHidden = (item: Item): boolean => item['deleting'] === true;

export function newTaskItem(userId: string, id: string, fields: QuestFields, now: string): NewItem {
  const { title, description, category, priority, date = '', goalId = null } = fields;
  const status = (fields.status ?? 'pending') as TaskStatus;
  return compact({
    ...questKey(userId, 'task', id),
    ...taskIndexes({ userId, id, dueDate: date, status, goalId }),
    EntityType: 'TASK',
    Status: status.toUpperCase(),
    title,
    description,
    category,
    priority,
    dueDate: date,
    goalId,
    completedAt: status === 'completed' ? now : null,
  });
}

export function newGoalItem(userId: string, id: string, fields: QuestFields): NewItem {
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
  const completedAt = status === 'completed' ? (task.completedAt ?? now) : null;
  return {
    ...plainChange(fields),
    ...taskIndexes({ userId: task.userId, id: task.id, dueDate, status, goalId }),
    Status: status.toUpperCase(),
    dueDate,
    goalId,
    completedAt,
  };
}

export function goalChange(goal: Goal, fields: QuestFields): Change {
  const targetDate = fields.date ?? goal.targetDate;
  const status = (fields.status ?? goal.status) as GoalStatus;
  return {
    ...plainChange(fields),
    ...goalIndexes(goal.userId, goal.id, status, targetDate),
    Status: status.toUpperCase(),
    targetDate,
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
    completedAt: (item['completedAt'] as string | undefined) ?? null,
  };
}

/** Leaves out what is null or undefined: an index is sparse by the absence of its keys. */
function compact(item: Record<string, unknown>): NewItem {
  const present = Object.entries(item).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(present) as unknown as NewItem;
}
