import { Injectable } from '@nestjs/common';
import { ApiError } from '../../../http/errors/api-error.js';
import type { Paged } from '../../../http/paging/page-query.dto.js';
import { Clock } from '../../../platform/clock.js';
import type { Page } from '../../../platform/dynamodb/item.js';
import { IdSource } from '../../../platform/ids.js';
import { asResponse, type GoalResponse } from '../dto/quest-response.dto.js';
import { GOAL_NOT_FOUND } from '../quests.errors.js';
import { QuestListsRepository } from '../quest-lists.repository.js';
import { QuestsRepository } from '../quests.repository.js';
import type {
  CreateMilestoneDto,
  GoalProgressResponse,
  GoalsQuery,
  MilestoneResponse,
  UpdateMilestoneDto,
} from './dto/goals.dto.js';
import { GoalProgressService } from './goal-progress.service.js';
import { inOrder, type Milestone, nextSequence } from './milestone.js';
import { MilestonesRepository } from './milestones.repository.js';

type Versions = readonly number[] | undefined;

const asMilestone = (milestone: Milestone): MilestoneResponse => ({
  ...milestone,
  done: milestone.doneAt !== null,
});

@Injectable()
export class GoalsService {
  constructor(
    private readonly quests: QuestsRepository,
    private readonly lists: QuestListsRepository,
    private readonly milestones: MilestonesRepository,
    private readonly goalProgress: GoalProgressService,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  async list(userId: string, query: GoalsQuery & Paged): Promise<Page<GoalResponse>> {
    const goals = await this.lists.listGoals(userId, {}, query, query.status);
    return goals.map((goal) => asResponse(goal) as GoalResponse);
  }

  async progress(userId: string, goalId: string): Promise<GoalProgressResponse> {
    const [, progress, milestones] = await Promise.all([
      this.assertThere(userId, goalId),
      this.goalProgress.of(userId, goalId),
      this.milestones.list(userId, goalId),
    ]);
    return { ...progress, milestones: inOrder(milestones).map(asMilestone) };
  }

  async listMilestones(userId: string, goalId: string): Promise<MilestoneResponse[]> {
    const [, milestones] = await Promise.all([
      this.assertThere(userId, goalId),
      this.milestones.list(userId, goalId),
    ]);
    return inOrder(milestones).map(asMilestone);
  }

  async createMilestone(
    userId: string,
    goalId: string,
    { title, sequence, targetDate = null, done }: CreateMilestoneDto,
  ): Promise<MilestoneResponse> {
    const id = this.ids.next();
    const all = await this.milestones.list(userId, goalId);
    // Under an Idempotency-Key an earlier run may have made it.
    const own = all.find((milestone) => milestone.id === id);
    if (own) return asMilestone(own);
    const fields = {
      title,
      sequence: sequence ?? nextSequence(all),
      targetDate,
      doneAt: done ? this.now() : null,
    };
    return asMilestone(await this.milestones.create(userId, goalId, id, fields));
  }

  /** Done stays done since when it was. */
  async updateMilestone(
    userId: string,
    goalId: string,
    id: string,
    { done, ...fields }: UpdateMilestoneDto,
    versions: Versions,
  ): Promise<MilestoneResponse> {
    const known = done ? (await this.milestones.find(userId, goalId, id))?.doneAt : undefined;
    const doneAt = done === undefined ? undefined : done ? (known ?? this.now()) : null;
    return asMilestone(await this.milestones.update(userId, goalId, id, { ...fields, doneAt }, versions));
  }

  async removeMilestone(
    userId: string,
    goalId: string,
    id: string,
    versions: Versions,
  ): Promise<{ id: string; deleted: true }> {
    await this.milestones.remove(userId, goalId, id, versions);
    return { id, deleted: true };
  }

  private async assertThere(userId: string, goalId: string): Promise<void> {
    if (!(await this.quests.find(userId, 'goal', goalId))) throw new ApiError(GOAL_NOT_FOUND);
  }

  private now(): string {
    return this.clock.now().toISOString();
  }
}
