import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import { asSeen, untilCurrent } from '../../platform/dynamodb/faults.js';
import {
  type CompleteQuestDto,
  type CreateQuestDto,
  fieldsOf,
  namesDiffer,
  type UpdateQuestDto,
} from './dto/quest.dto.js';
import { asResponse, type GoalResponse, goalResponse, type TaskResponse } from './dto/quest-response.dto.js';
import { GoalProgressService } from './goals/goal-progress.service.js';
import type { Goal, QuestType } from './quest.js';
import { movesInIndex, questFrom } from './quest.item.js';
import { type PlannedChange, QuestChanges } from './quest-changes.service.js';
import { QUEST_NOT_FOUND } from './quests.errors.js';
import { QuestsRepository } from './quests.repository.js';

type QuestResponse = TaskResponse | GoalResponse;
type Versions = readonly number[] | undefined;

@Injectable()
export class QuestsService {
  constructor(
    private readonly quests: QuestsRepository,
    private readonly changes: QuestChanges,
    private readonly progress: GoalProgressService,
  ) {}

  create(userId: string, body: CreateQuestDto): Promise<QuestResponse> {
    return this.commit(this.changes.creation(userId, body.type, fieldsOf(body)));
  }

  /** A goal comes with its progress. */
  async get(userId: string, id: string, type: QuestType | undefined): Promise<QuestResponse> {
    const quest = await (type === undefined
      ? this.quests.findAny(userId, id)
      : this.quests.find(userId, type, id));
    if (!quest) throw new ApiError(QUEST_NOT_FOUND);
    return quest.type === 'goal' ? this.withProgress(quest) : asResponse(quest);
  }

  /** Without `versions` it goes on until nobody was faster; with them it is the client who decides. */
  async update(
    userId: string,
    type: QuestType | undefined,
    id: string,
    body: UpdateQuestDto,
    versions: Versions,
  ): Promise<QuestResponse> {
    if (type !== undefined && !namesDiffer(body)) {
      const fields = fieldsOf(body);
      if (!movesInIndex(fields))
        return asResponse(await this.quests.update(userId, type, id, fields, versions));
    }
    const attempt = () => this.commit(this.changes.change(userId, type, id, body, versions));
    return asSeen(versions, attempt);
  }

  complete(
    userId: string,
    id: string,
    type: QuestType | undefined,
    { completedAt }: CompleteQuestDto,
  ): Promise<QuestResponse> {
    return untilCurrent(() => this.commit(this.changes.completion(userId, type, id, completedAt)));
  }

  reopen(userId: string, id: string, type: QuestType | undefined): Promise<QuestResponse> {
    return untilCurrent(() => this.commit(this.changes.reopening(userId, type, id)));
  }

  async remove(
    userId: string,
    type: QuestType | undefined,
    id: string,
    versions: Versions,
  ): Promise<{ id: string; deleted: true }> {
    const attempt = () => this.commit(this.changes.removal(userId, id, versions));
    const kind = type ?? questFrom(await this.quests.read(userId, undefined, id)).type;
    if (kind === 'goal') await this.quests.removeGoal(userId, id, versions);
    else if (!(await this.quests.removePlainTask(userId, id, versions))) await asSeen(versions, attempt);
    return { id, deleted: true };
  }

  private async commit(planning: Promise<PlannedChange>): Promise<QuestResponse> {
    const { writes, quest, next } = await planning;
    await this.quests.commit(writes);
    return asResponse(quest, next);
  }

  private async withProgress(goal: Goal): Promise<GoalResponse> {
    return goalResponse(goal, await this.progress.of(goal.userId, goal.id));
  }
}
