import { Injectable } from '@nestjs/common';
import type { Paged } from '../../http/paging/page-query.dto.js';
import type { Listing, Page, Where } from '../../platform/dynamodb/item.js';
import { Table } from '../../platform/dynamodb/table.js';
import {
  type Goal,
  GOAL_STATUSES,
  type Quest,
  type QuestType,
  type Task,
  TASK_STATUSES,
  TASKS_PER_GOAL,
} from './quest.js';
import { partitions, PREFIX, questFrom, tasksOfGoal } from './quest.item.js';

/** Calendar dates, both included. */
export interface Dates {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What figures are made of. */
export type DoneTask = Pick<Task, 'dueDate' | 'priority'> & { readonly completedAt: string };

/** One method a list, each by the one index that answers it. */
@Injectable()
export class QuestListsRepository {
  constructor(private readonly table: Table) {}

  /** At most as many as a goal can have. */
  async listTasksOfGoal(userId: string, goalId: string): Promise<Task[]> {
    return (await this.listWhole([tasksOfGoal(userId, goalId)], TASKS_PER_GOAL)) as Task[];
  }

  /** Seed 000's userId-dueDate-index. @param status filters, within one person's own tasks */
  listTasksByDate(userId: string, dates: Dates, page: Paged, status?: Task['status']): Promise<Page<Quest>> {
    const range = { index: 'GSI1' as const, partition: partitions.tasksByDate(userId), ...dates };
    return this.list({ ranges: [range], order: 'ascending', where: statusIs(status) }, page);
  }

  /** Only what is not completed. */
  listOpenTasks(userId: string, dates: Dates, page: Paged, status?: Task['status']): Promise<Page<Quest>> {
    const range = { index: 'GSI3' as const, partition: partitions.openTasks(userId), ...dates };
    return this.list({ ranges: [range], order: 'ascending', where: statusIs(status) }, page);
  }

  /** One Query a status, merged by date. */
  listTasksOfGoalByDate(
    userId: string,
    goalId: string,
    dates: Dates,
    page: Paged,
    status?: Task['status'],
  ): Promise<Page<Quest>> {
    return this.list({ ranges: rangesOfGoal(userId, goalId, dates, status), order: 'ascending' }, page);
  }

  async listAllTasksByDate(userId: string, dates: Dates): Promise<Task[]> {
    const range = { index: 'GSI1' as const, partition: partitions.tasksByDate(userId), ...dates };
    return (await this.listWhole([range])) as Task[];
  }

  async listAllOpenTasks(userId: string, dates: Dates): Promise<Task[]> {
    const range = { index: 'GSI3' as const, partition: partitions.openTasks(userId), ...dates };
    return (await this.listWhole([range])) as Task[];
  }

  async listAllActiveGoals(userId: string, dates: Dates): Promise<Goal[]> {
    const range = {
      index: 'GSI1' as const,
      partition: partitions.goals(userId),
      prefix: 'active#',
      ...dates,
    };
    return (await this.listWhole([range])) as Goal[];
  }

  /** By the instant of completion, from one day of UTC to another, both included. */
  async listTasksDone(userId: string, from: string, to: string): Promise<readonly DoneTask[]> {
    const range = { index: 'GSI3' as const, partition: partitions.doneTasks(userId), from, to };
    const only = ['dueDate', 'priority', 'completedAt'];
    const items = await this.table.all({ ranges: [range], order: 'ascending', only });
    return items.map((item) => ({
      dueDate: item['dueDate'] as string,
      priority: (item['priority'] as Task['priority'] | undefined) ?? null,
      completedAt: item['completedAt'] as string,
    }));
  }

  /** One Query a status, merged by target date. */
  listGoals(userId: string, dates: Dates, page: Paged, status?: Goal['status']): Promise<Page<Quest>> {
    const statuses = status === undefined ? GOAL_STATUSES : [status];
    const partition = partitions.goals(userId);
    const ranges = statuses.map((each) => ({
      index: 'GSI1' as const,
      partition,
      prefix: `${each}#`,
      ...dates,
    }));
    return this.list({ ranges, order: 'ascending' }, page);
  }

  /** Every quest of a user by key, for export and erasure. */
  async listAll(userId: string, type: QuestType, page: Paged): Promise<Page<Quest>> {
    const range = { partition: `USER#${userId}`, prefix: PREFIX[type] };
    return this.list({ ranges: [range], order: 'ascending' }, page);
  }

  private async list(listing: Listing, page: Paged): Promise<Page<Quest>> {
    return (await this.table.page(listing, page)).map(questFrom);
  }

  private async listWhole(ranges: Listing['ranges'], most?: number): Promise<Quest[]> {
    return (await this.table.all({ ranges, order: 'ascending' }, most)).map(questFrom);
  }
}

/** One range a status, each by date. */
function rangesOfGoal(userId: string, goalId: string, dates: Dates = {}, status?: Task['status']) {
  const statuses = status === undefined ? TASK_STATUSES : [status];
  return statuses.map((each) => ({ ...tasksOfGoal(userId, goalId), prefix: `${each}#`, ...dates }));
}

const statusIs = (status: Task['status'] | undefined): Where | undefined =>
  status && { Status: status.toUpperCase() };
