import { Injectable } from '@nestjs/common';
import { ApiError, failWith } from '../../http/errors/api-error.js';
import { Clock } from '../../platform/clock.js';
import { assertSeen, StaleVersion } from '../../platform/dynamodb/faults.js';
import {
  changesNothing,
  type Item,
  type Key,
  type NewItem,
  type Where,
} from '../../platform/dynamodb/item.js';
import { counting, type ItemLimit, LimitedItems } from '../../platform/dynamodb/limited-items.js';
import { Table, type Write } from '../../platform/dynamodb/table.js';
import { someAtOnce } from '../../platform/some-at-once.js';
import {
  QUEST_TYPES,
  type Quest,
  type QuestFields,
  type QuestType,
  type Task,
  TASKS_PER_GOAL,
} from './quest.js';
import {
  goalChange,
  hidden,
  isHidden,
  milestoneCountKey,
  milestonesOf,
  questsOf,
  taskCountKey,
  taskCountsOf,
  tasksOfGoal,
  newGoalItem,
  newTaskItem,
  plainChange,
  PREFIX,
  questFrom,
  questKey,
  taskChange,
  unlinked,
} from './quest.item.js';
import { GOAL_NOT_FOUND, GOAL_TASK_LIMIT, QUEST_NOT_FOUND } from './quests.errors.js';

type Versions = readonly number[] | undefined;

/** What a change of a quest writes, and what stands there then. */
export interface PlannedQuest {
  readonly writes: readonly Write[];
  readonly quest: Quest;
}

const notFound = failWith(QUEST_NOT_FOUND);
/** A rule's date has its task. */
export class OccurrenceStands extends StaleVersion {}

/** The task has a rule, which may have to know. */
class MadeByRule extends Error {}
const ruledOrGone = (standing: Item | undefined) => (standing ? new MadeByRule() : notFound());

const UNLINKED_AT_ONCE = 10;
/** Within which an index shows what was written, as a rule many times over. */
const INDEX_LAG_SECONDS = 2;

/** A goal that is being deleted is there no more for anybody. */
const NOT_HIDDEN: Where = { deleting: null };

@Injectable()
export class QuestsRepository {
  constructor(
    private readonly table: Table,
    private readonly limited: LimitedItems,
    private readonly clock: Clock,
  ) {}

  /** A new quest. With a goal, the proof that the goal is there stands or falls with the task. */
  creation(userId: string, type: QuestType, id: string, fields: QuestFields): PlannedQuest {
    if (type === 'goal') return this.making(newGoalItem(userId, id, fields, this.now()));
    const made = this.making(newTaskItem(userId, id, fields, this.now()));
    return { ...made, writes: [...this.linking(userId, fields.goalId), ...made.writes] };
  }

  /**
   * The task of a rule's date; its goal, if it has one, was found to have room.
   * @throws {OccurrenceStands} from the writes, when it is there @throws {StaleVersion} when its goal is not any more
   */
  occurrence(
    userId: string,
    id: string,
    fields: QuestFields,
    of: { readonly recurrenceRuleId: string; readonly occurrence: string },
  ): PlannedQuest {
    const put = this.table.stamp(newTaskItem(userId, id, fields, this.now(), of));
    const orElse = () => new StaleVersion();
    const { goalId } = fields;
    const linking = goalId
      ? [
          { ...this.goalExists(userId, goalId), orElse },
          counting({ ...this.tasksLimit(userId, goalId), error: orElse }),
        ]
      : [];
    return { quest: questFrom(put), writes: [...linking, { put, orElse: () => new OccurrenceStands() }] };
  }

  async commit(writes: readonly Write[]): Promise<void> {
    await this.limited.commit(writes);
  }

  async find(userId: string, type: QuestType, id: string): Promise<Quest | undefined> {
    return shown(await this.table.get(questKey(userId, type, id)));
  }

  /** Read consistently, since something is written because of it. */
  async findTask(userId: string, id: string): Promise<Task | undefined> {
    const item = await this.table.get(questKey(userId, 'task', id), { consistent: true });
    return item && (questFrom(item) as Task);
  }

  /** Whether a goal is there and has room for another task. */
  async takesTasks(userId: string, goalId: string): Promise<boolean> {
    const goal = await this.table.get(questKey(userId, 'goal', goalId), { consistent: true });
    if (!goal || isHidden(goal)) return false;
    const { count, most } = this.tasksLimit(userId, goalId);
    return (await count()) < most;
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
   * What stands there, read consistently, for a change that follows from it. Without a type, of either.
   * @throws {StaleVersion} when it is none of `versions`
   */
  async read(userId: string, type: QuestType | undefined, id: string, versions?: Versions): Promise<Item> {
    const keys = (type === undefined ? QUEST_TYPES : [type]).map((each) => questKey(userId, each, id));
    const [item] = await this.table.getMany(keys, { consistent: true });
    if (!item || isHidden(item)) throw notFound();
    assertSeen(item.Version, versions);
    return item;
  }

  /** A change that moves a quest in its lists: the next version of what was read. */
  moving(item: Item, fields: QuestFields): PlannedQuest {
    const quest = questFrom(item);
    const now = this.now();
    const change = quest.type === 'task' ? taskChange(quest, fields, now) : goalChange(quest, fields, now);
    if (changesNothing(item, change)) return { quest, writes: [] };
    const next = this.table.restamp(item, change);
    const links = quest.type === 'task' && fields.goalId !== quest.goalId;
    const linking = links ? this.linking(quest.userId, fields.goalId) : [];
    return { quest: questFrom(next), writes: [...linking, { replace: next, orElse: notFound }] };
  }

  /** Removes a task unless a rule has made it, in which case more may have to be done. @returns whether it did */
  async removePlainTask(userId: string, id: string, versions: Versions): Promise<boolean> {
    const expected = { versions, where: { recurrenceRuleId: null } };
    try {
      await this.table.remove(questKey(userId, 'task', id), ruledOrGone, expected);
      return true;
    } catch (error) {
      if (error instanceof MadeByRule) return false;
      throw error;
    }
  }

  /** @param versions those that may be removed @throws {StaleVersion} from the write, when it is none of them */
  removal(userId: string, id: string, versions: Versions): Write {
    return { remove: questKey(userId, 'task', id), versions, orElse: notFound };
  }

  /**
   * Hides the goal, unlinks its tasks, removes it. If this ends half-way, nobody sees the goal any more
   * or links to it, and the next try goes on from there, or the sweeper.
   */
  async removeGoal(userId: string, id: string, versions: Versions): Promise<void> {
    const key = questKey(userId, 'goal', id);
    const change = hidden(userId, id, this.clock.now());
    await this.table.update(key, change, notFound, { versions, silent: true });
    await this.emptyGoal(userId, id);
    await this.table.remove(key, notFound);
  }

  /** What is left to do for a hidden goal. */
  async finishRemoval({ PK, SK }: Key): Promise<void> {
    await this.emptyGoal(PK.slice('USER#'.length), SK.slice(PREFIX.goal.length));
    await this.table.discard({ PK, SK });
  }

  private async emptyGoal(userId: string, id: string): Promise<void> {
    // Again until there is none: an index shows a task some milliseconds after it was linked.
    while ((await this.unlinkTasks(userId, id)) > 0);
    await this.table.discardAll(milestonesOf(userId, id));
    for (const key of [milestoneCountKey(userId, id), taskCountKey(userId, id)])
      await this.table.discard(key);
  }

  /** Removes all quests of a type, whatever else refers to them. @returns how many there were */
  async discardAll(userId: string, type: QuestType): Promise<number> {
    if (type === 'goal') await this.table.discardAll(taskCountsOf(userId));
    return this.table.discardAll(questsOf(userId, type));
  }

  private making(item: NewItem): PlannedQuest {
    const stamped = this.table.stamp(item);
    return { quest: questFrom(stamped), writes: [{ put: stamped, orElse: notFound }] };
  }

  /** What must hold for a task to join a goal. */
  private linking(userId: string, goalId: string | null | undefined): readonly Write[] {
    return goalId ? [this.goalExists(userId, goalId), counting(this.tasksLimit(userId, goalId))] : [];
  }

  private tasksLimit(userId: string, goalId: string): ItemLimit {
    return {
      key: taskCountKey(userId, goalId),
      most: TASKS_PER_GOAL,
      count: () => this.table.count(tasksOfGoal(userId, goalId)),
      lagSeconds: INDEX_LAG_SECONDS,
      error: failWith(GOAL_TASK_LIMIT),
    };
  }

  /** For a transaction with what the goal is for. */
  goalExists(userId: string, goalId: string): Write {
    return { check: questKey(userId, 'goal', goalId), where: NOT_HIDDEN, orElse: failWith(GOAL_NOT_FOUND) };
  }

  /** The tasks of a goal in one Query, in no order that means anything. */
  private itemsOfGoal(userId: string, goalId: string): Promise<Item[]> {
    return this.table.all({ ranges: [tasksOfGoal(userId, goalId)], order: 'ascending' });
  }

  private async unlinkTasks(userId: string, goalId: string): Promise<number> {
    const tasks = await this.itemsOfGoal(userId, goalId);
    await someAtOnce(tasks, UNLINKED_AT_ONCE, (task) => this.unlink(task, goalId));
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

const shown = (item: Item | undefined): Quest | undefined =>
  item && !isHidden(item) ? questFrom(item) : undefined;
