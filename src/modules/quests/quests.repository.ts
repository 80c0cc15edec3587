import { Injectable } from '@nestjs/common';
import { ApiError, failWith } from '../../http/errors/api-error.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { Clock } from '../../platform/clock.js';
import { StaleVersion } from '../../platform/dynamodb/faults.js';
import type { Item, Listing, Page, Where } from '../../platform/dynamodb/item.js';
import { Table, type Write } from '../../platform/dynamodb/table.js';
import {
  type Goal,
  GOAL_STATUSES,
  type Quest,
  type QuestFields,
  type QuestType,
  type Task,
  TASK_STATUSES,
  TASKS_PER_GOAL,
} from './quest.js';
import {
  goalChange,
  hidden,
  isHidden,
  newGoalItem,
  newTaskItem,
  partitions,
  plainChange,
  PREFIX,
  questFrom,
  questKey,
  taskChange,
  unlinked,
} from './quest.item.js';
import { GOAL_NOT_FOUND, GOAL_TASK_LIMIT, QUEST_NOT_FOUND } from './quests.errors.js';

type Versions = readonly number[] | undefined;

/** Calendar dates, both included. */
export interface Dates {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const notFound = failWith(QUEST_NOT_FOUND);
const UNLINKED_AT_ONCE = 10;

/** A goal that is being deleted is there no more for anybody. */
const NOT_HIDDEN: Where = { deleting: null };

@Injectable()
export class QuestsRepository {
  constructor(
    private readonly table: Table,
    private readonly clock: Clock,
  ) {}

  async createGoal(userId: string, id: string, fields: QuestFields): Promise<Quest> {
    return questFrom(await this.table.create(this.table.stamp(newGoalItem(userId, id, fields)), notFound));
  }

  /** With a goal, the task and the proof that the goal is there are one transaction. */
  async createTask(userId: string, id: string, fields: QuestFields): Promise<Quest> {
    const item = this.table.stamp(newTaskItem(userId, id, fields, this.now()));
    if (!fields.goalId) return questFrom(await this.table.create(item, notFound));
    await this.assertRoom(userId, fields.goalId);
    await this.table.transact([this.goalIsThere(userId, fields.goalId), { put: item, orElse: notFound }]);
    return questFrom(item);
  }

  async find(userId: string, type: QuestType, id: string): Promise<Quest | undefined> {
    return shown(await this.table.get(questKey(userId, type, id)));
  }

  /** A quest whose type is not known, in one round trip. */
  async findAny(userId: string, id: string): Promise<Quest | undefined> {
    const items = await this.table.getMany([questKey(userId, 'task', id), questKey(userId, 'goal', id)]);
    return shown(items[0]);
  }

  /** A change that moves the quest in no index: one conditional update. */
  async update(
    userId: string,
    type: QuestType,
    id: string,
    fields: QuestFields,
    versions: Versions,
  ): Promise<Quest> {
    const options = { versions, where: NOT_HIDDEN };
    return questFrom(
      await this.table.update(questKey(userId, type, id), plainChange(fields), notFound, options),
    );
  }

  /**
   * A change that moves the quest: read, then replaced if it is still what was read.
   * @throws {StaleVersion} when it is not, or is none of `versions`.
   */
  async move(
    userId: string,
    type: QuestType,
    id: string,
    fields: QuestFields,
    versions: Versions,
  ): Promise<Quest> {
    const item = await this.table.get(questKey(userId, type, id), { consistent: true });
    if (!item || isHidden(item)) throw notFound();
    if (versions && !versions.includes(item.Version)) throw new StaleVersion();
    const quest = questFrom(item);
    const change = quest.type === 'task' ? taskChange(quest, fields, this.now()) : goalChange(quest, fields);
    const next = this.table.restamp(item, change);
    const { goalId } = fields;
    if (quest.type === 'task' && goalId && goalId !== quest.goalId)
      await this.replaceLinked(userId, goalId, next);
    else await this.table.replace(next, notFound);
    return questFrom(next);
  }

  async removeTask(userId: string, id: string, versions: Versions): Promise<void> {
    await this.table.remove(questKey(userId, 'task', id), notFound, { versions });
  }

  /**
   * Hides the goal, unlinks its tasks, removes it. If this ends half-way, nobody sees the goal any more
   * or links to it, and the next try goes on from there.
   */
  async removeGoal(userId: string, id: string, versions: Versions): Promise<void> {
    const key = questKey(userId, 'goal', id);
    await this.table.update(key, hidden, notFound, { versions, silent: true });
    // Again until there is none: an index shows a task some milliseconds after it was linked.
    while ((await this.unlinkTasks(userId, id)) > 0);
    await this.table.remove(key, notFound);
  }

  async listTasksOfGoal(userId: string, goalId: string): Promise<Task[]> {
    return (await this.itemsOfGoal(userId, goalId)).map((item) => questFrom(item) as Task);
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

  /** Removes a quest whatever else refers to it; one that is gone already is fine. */
  async erase(userId: string, type: QuestType, id: string): Promise<void> {
    await this.table.discard(questKey(userId, type, id));
  }

  /** Every quest of a user by key, for export and erasure. */
  async listAll(userId: string, type: QuestType, page: Paged): Promise<Page<Quest>> {
    const range = { partition: `USER#${userId}`, prefix: PREFIX[type] };
    return this.list({ ranges: [range], order: 'ascending' }, page);
  }

  private async list(listing: Listing, page: Paged): Promise<Page<Quest>> {
    return (await this.table.page(listing, page)).map(questFrom);
  }

  private async replaceLinked(userId: string, goalId: string, next: Item): Promise<void> {
    await this.assertRoom(userId, goalId);
    await this.table.transact([this.goalIsThere(userId, goalId), { replace: next, orElse: notFound }]);
  }

  /** Counted before the link is made: tasks that are linked at the same moment may exceed it by their number. */
  private async assertRoom(userId: string, goalId: string): Promise<void> {
    if ((await this.table.count(wholeGoal(userId, goalId))) >= TASKS_PER_GOAL)
      throw new ApiError(GOAL_TASK_LIMIT);
  }

  private goalIsThere(userId: string, goalId: string): Write {
    return { check: questKey(userId, 'goal', goalId), where: NOT_HIDDEN, orElse: failWith(GOAL_NOT_FOUND) };
  }

  /** The tasks of a goal in one Query, in no order that means anything. */
  private itemsOfGoal(userId: string, goalId: string): Promise<Item[]> {
    return this.table.all({ ranges: [wholeGoal(userId, goalId)], order: 'ascending' });
  }

  private async unlinkTasks(userId: string, goalId: string): Promise<number> {
    const tasks = await this.itemsOfGoal(userId, goalId);
    for (let first = 0; first < tasks.length; first += UNLINKED_AT_ONCE) {
      await Promise.all(
        tasks.slice(first, first + UNLINKED_AT_ONCE).map((task) => this.unlink(task, goalId)),
      );
    }
    return tasks.length;
  }

  /** A task that was moved or deleted meanwhile needs nothing more. */
  private async unlink(task: Item, goalId: string): Promise<void> {
    try {
      await this.table.update(task, unlinked, failWith(GOAL_NOT_FOUND), { where: { goalId } });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  private now(): string {
    return this.clock.now().toISOString();
  }
}

const wholeGoal = (userId: string, goalId: string) => ({
  index: 'GSI2' as const,
  partition: partitions.tasksOfGoal(userId, goalId),
});

/** One range a status, each by date. */
function rangesOfGoal(userId: string, goalId: string, dates: Dates = {}, status?: Task['status']) {
  const statuses = status === undefined ? TASK_STATUSES : [status];
  return statuses.map((each) => ({ ...wholeGoal(userId, goalId), prefix: `${each}#`, ...dates }));
}

const statusIs = (status: Task['status'] | undefined): Where | undefined =>
  status && { Status: status.toUpperCase() };

const shown = (item: Item | undefined): Quest | undefined =>
  item && !isHidden(item) ? questFrom(item) : undefined;
