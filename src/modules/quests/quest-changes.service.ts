import { Injectable } from '@nestjs/common';
import { ApiError, type ErrorDetail } from '../../http/errors/api-error.js';
import { UUID } from '../../http/validation/id.pipe.js';
import { Clock } from '../../platform/clock.js';
import type { Item } from '../../platform/dynamodb/item.js';
import type { Write } from '../../platform/dynamodb/table.js';
import { IdSource } from '../../platform/ids.js';
import { fieldsOf, type UpdateQuestDto } from './dto/quest.dto.js';
import { isStatusOf, type Quest, type QuestFields, type QuestType, type Task } from './quest.js';
import { questFrom } from './quest.item.js';
import {
  GOAL_NOT_FOUND,
  QUEST_ALREADY_COMPLETED,
  QUEST_NOT_FOUND,
  QUEST_VALIDATION_ERROR,
} from './quests.errors.js';
import { QuestsRepository } from './quests.repository.js';
import { RuleTasks } from './recurrence/rule-tasks.service.js';

type Versions = readonly number[] | undefined;

/** What a change writes, all or nothing, and how things stand then. */
export interface PlannedChange {
  readonly writes: readonly Write[];
  readonly quest: Quest;
  /** The task that comes after one that is completed and recurs. */
  readonly next?: Task | undefined;
}

/** The rules of changing quests. Each method reads what it must and says what is to be written; nothing is yet. */
@Injectable()
export class QuestChanges {
  constructor(
    private readonly quests: QuestsRepository,
    private readonly ruleTasks: RuleTasks,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  async creation(userId: string, type: QuestType, fields: QuestFields): Promise<PlannedChange> {
    assertFits(type, fields);
    return this.quests.creation(userId, type, this.ids.next(), fields);
  }

  /** @throws {StaleVersion} when it is none of `versions` */
  async change(
    userId: string,
    type: QuestType | undefined,
    id: string,
    body: UpdateQuestDto,
    versions?: Versions,
  ): Promise<PlannedChange> {
    const item = await this.quests.read(userId, type, id, versions);
    const before = questFrom(item);
    const fields = fieldsOf(body, before);
    assertFits(before.type, fields);
    return this.moving(item, fields);
  }

  /**
   * One that is completed stays as it is: to say so again changes nothing.
   * @throws {ApiError} QUEST_ALREADY_COMPLETED when it was, at another time than is said now
   */
  async completion(
    userId: string,
    type: QuestType | undefined,
    id: string,
    completedAt: string | undefined,
  ): Promise<PlannedChange> {
    if (completedAt !== undefined && completedAt > this.clock.now().toISOString())
      throw invalid('completedAt', 'isPast', 'completedAt must not be in the future');
    const item = await this.quests.read(userId, type, id);
    const quest = questFrom(item);
    if (quest.status !== 'completed') return this.moving(item, { status: 'completed', completedAt });
    if (completedAt !== undefined && completedAt !== quest.completedAt)
      throw new ApiError(QUEST_ALREADY_COMPLETED);
    return this.unchanged(quest);
  }

  /** One that is open stays as it is. */
  async reopening(userId: string, type: QuestType | undefined, id: string): Promise<PlannedChange> {
    const item = await this.quests.read(userId, type, id);
    const quest = questFrom(item);
    if (quest.status !== 'completed') return { writes: [], quest };
    return this.moving(item, { status: quest.type === 'goal' ? 'active' : 'pending' });
  }

  /** Of a task. A goal takes more than one transaction: see `QuestsRepository.removeGoal`. */
  async removal(userId: string, id: string, versions?: Versions): Promise<PlannedChange> {
    const task = await this.quests.findTask(userId, id);
    if (!task) throw new ApiError(QUEST_NOT_FOUND);
    const { writes } = await this.ruleTasks.afterRemoval(task);
    return { writes: [this.quests.removal(userId, id, versions), ...writes], quest: task };
  }

  private async moving(item: Item, fields: QuestFields): Promise<PlannedChange> {
    const before = questFrom(item);
    const { quest, writes } = this.quests.moving(item, fields);
    if (quest.type === 'goal' || quest.completedAt === null || quest.recurrenceRuleId === null)
      return { writes, quest };
    if (before.completedAt !== null) return { ...(await this.unchanged(quest)), writes };
    const { writes: following, next } = await this.ruleTasks.afterCompletion(quest, quest.completedAt);
    return { writes: [...writes, ...following], quest, next };
  }

  private async unchanged(quest: Quest): Promise<PlannedChange> {
    if (quest.type === 'goal') return { writes: [], quest };
    return { quest, ...(await this.ruleTasks.after(quest)) };
  }
}

const invalid = (field: string, code: string, message: string) =>
  new ApiError(QUEST_VALIDATION_ERROR, { details: [{ field, code, message }] });

/** What a type decides about its fields. */
function assertFits(type: QuestType, { status, goalId }: QuestFields): void {
  const details: ErrorDetail[] = [];
  if (status !== undefined && !isStatusOf(type, status)) {
    details.push({
      field: 'status',
      code: 'isStatusOfType',
      message: `status ${status} is not one of a ${type}`,
    });
  }
  if (type === 'goal' && goalId !== undefined) {
    details.push({ field: 'goalId', code: 'isTaskField', message: 'goalId is a field of tasks only' });
  }
  if (details.length > 0) throw new ApiError(QUEST_VALIDATION_ERROR, { details });
  if (typeof goalId === 'string' && !UUID.test(goalId)) throw new ApiError(GOAL_NOT_FOUND);
}
