import { Injectable } from '@nestjs/common';
import { ApiError, type ErrorDetail } from '../../http/errors/api-error.js';
import { UUID } from '../../http/validation/id.pipe.js';
import { Clock } from '../../platform/clock.js';
import { untilCurrent } from '../../platform/dynamodb/faults.js';
import { IdSource } from '../../platform/ids.js';
import { UsersService } from '../users/users.service.js';
import { type CreateQuestDto, fieldsOf, type UpdateQuestDto } from './dto/quest.dto.js';
import { asResponse, type GoalResponse, goalResponse, type TaskResponse } from './dto/quest-response.dto.js';
import { dateIn, type Goal, isStatusOf, progressOf, type QuestFields, type QuestType } from './quest.js';
import { movesInIndex } from './quest.item.js';
import { GOAL_NOT_FOUND, QUEST_NOT_FOUND, QUEST_VALIDATION_ERROR } from './quests.errors.js';
import { QuestsRepository } from './quests.repository.js';

type QuestResponse = TaskResponse | GoalResponse;
type Versions = readonly number[] | undefined;

@Injectable()
export class QuestsService {
  constructor(
    private readonly quests: QuestsRepository,
    private readonly users: UsersService,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  async create(userId: string, body: CreateQuestDto): Promise<QuestResponse> {
    const fields = fieldsOf(body);
    assertFits(body.type, fields);
    const id = this.ids.next();
    if (body.type === 'goal') return asResponse(await this.quests.createGoal(userId, id, fields));
    return asResponse(await this.quests.createTask(userId, id, fields));
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
    type: QuestType,
    id: string,
    body: UpdateQuestDto,
    versions: Versions,
  ): Promise<QuestResponse> {
    const fields = fieldsOf(body);
    assertFits(type, fields);
    if (!movesInIndex(fields))
      return asResponse(await this.quests.update(userId, type, id, fields, versions));
    const move = () => this.quests.move(userId, type, id, fields, versions);
    return asResponse(await (versions ? move() : untilCurrent(move)));
  }

  async remove(
    userId: string,
    type: QuestType,
    id: string,
    versions: Versions,
  ): Promise<{ id: string; deleted: true }> {
    if (type === 'task') await this.quests.removeTask(userId, id, versions);
    else await this.quests.removeGoal(userId, id, versions);
    return { id, deleted: true };
  }

  private async withProgress(goal: Goal): Promise<GoalResponse> {
    const [tasks, timezone] = await Promise.all([
      this.quests.listTasksOfGoal(goal.userId, goal.id),
      this.users.timezoneOf(goal.userId),
    ]);
    return goalResponse(goal, progressOf(tasks, dateIn(timezone, this.clock.now())));
  }
}

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
