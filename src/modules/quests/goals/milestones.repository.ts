import { Injectable } from '@nestjs/common';
import { failWith } from '../../../http/errors/api-error.js';
import {
  compact,
  type Change,
  type Item,
  type Key,
  type Page,
  type PageRequest,
  type Range,
} from '../../../platform/dynamodb/item.js';
import { counting, type ItemLimit, LimitedItems } from '../../../platform/dynamodb/limited-items.js';
import { Table } from '../../../platform/dynamodb/table.js';
import { milestoneCountKey, milestoneCountsOf, milestonesOf } from '../quest.item.js';
import { MILESTONE_LIMIT, MILESTONE_NOT_FOUND } from '../quests.errors.js';
import { QuestsRepository } from '../quests.repository.js';
import { type Milestone, MILESTONES_PER_GOAL } from './milestone.js';

type Versions = readonly number[] | undefined;

const notFound = failWith(MILESTONE_NOT_FOUND);

const milestoneKey = (userId: string, goalId: string, id: string): Key => ({
  PK: `USER#${userId}`,
  SK: `MILESTONE#${goalId}#${id}`,
});

const allOf = (userId: string): Range => ({ partition: `USER#${userId}`, prefix: 'MILESTONE#' });

const milestoneFrom = (item: Item): Milestone => {
  const [, goalId = '', id = ''] = item.SK.split('#');
  return {
    id,
    goalId,
    title: item['title'] as string,
    sequence: item['sequence'] as number,
    targetDate: (item['targetDate'] as string | undefined) ?? null,
    doneAt: (item['doneAt'] as string | undefined) ?? null,
    createdAt: item.CreatedAt,
    updatedAt: item.UpdatedAt,
    version: item.Version,
  };
};

@Injectable()
export class MilestonesRepository {
  constructor(
    private readonly table: Table,
    private readonly quests: QuestsRepository,
    private readonly limited: LimitedItems,
  ) {}

  /** All of a goal, in no order that means anything. */
  async list(userId: string, goalId: string): Promise<Milestone[]> {
    const items = await this.table.all({ ranges: [milestonesOf(userId, goalId)], order: 'ascending' });
    return items.map(milestoneFrom);
  }

  async find(userId: string, goalId: string, id: string): Promise<Milestone | undefined> {
    const item = await this.table.get(milestoneKey(userId, goalId, id), { consistent: true });
    return item && milestoneFrom(item);
  }

  /** Together with the proof that its goal is there. @throws {ApiError} GOAL_NOT_FOUND, MILESTONE_LIMIT */
  async create(
    userId: string,
    goalId: string,
    id: string,
    fields: Pick<Milestone, 'title' | 'sequence' | 'targetDate' | 'doneAt'>,
  ): Promise<Milestone> {
    const key = milestoneKey(userId, goalId, id);
    const put = this.table.stamp(compact({ ...key, EntityType: 'MILESTONE', ...fields }));
    const limit: ItemLimit = {
      key: milestoneCountKey(userId, goalId),
      most: MILESTONES_PER_GOAL,
      count: () => this.table.count(milestonesOf(userId, goalId)),
      error: failWith(MILESTONE_LIMIT),
    };
    await this.limited.commit([
      this.quests.goalExists(userId, goalId),
      { put, orElse: notFound },
      counting(limit),
    ]);
    return milestoneFrom(put);
  }

  async listAll(userId: string, page: PageRequest): Promise<Page<Milestone>> {
    return (await this.table.page({ ranges: [allOf(userId)], order: 'ascending' }, page)).map(milestoneFrom);
  }

  async discardAll(userId: string): Promise<number> {
    await this.table.discardAll(milestoneCountsOf(userId));
    return this.table.discardAll(allOf(userId));
  }

  async update(
    userId: string,
    goalId: string,
    id: string,
    change: Change,
    versions: Versions,
  ): Promise<Milestone> {
    const key = milestoneKey(userId, goalId, id);
    return milestoneFrom(await this.table.update(key, change, notFound, { versions }));
  }

  async remove(userId: string, goalId: string, id: string, versions: Versions): Promise<void> {
    await this.table.remove(milestoneKey(userId, goalId, id), notFound, { versions });
  }
}
