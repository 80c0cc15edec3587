import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../../http/access/access.decorators.js';
import { IfMatch, SeenVersions } from '../../../http/envelope/etag.js';
import { CreatedAt } from '../../../http/envelope/response.decorators.js';
import { PRECONDITION_FAILED } from '../../../http/errors/common.errors.js';
import { Idempotent } from '../../../http/idempotency/idempotent.decorator.js';
import {
  Fails,
  FailsValidationAs,
  Gives,
  GivesArray,
  GivesPage,
  Takes,
} from '../../../http/openapi/describe.decorators.js';
import { RemovedResponse } from '../../../http/openapi/removed.dto.js';
import type { Paged } from '../../../http/paging/page-query.dto.js';
import { idOf } from '../../../http/validation/id.pipe.js';
import { Update } from '../../../http/request/update.decorator.js';
import { GoalResponse } from '../dto/quest-response.dto.js';
import {
  GOAL_NOT_FOUND,
  MILESTONE_LIMIT,
  MILESTONE_NOT_FOUND,
  QUEST_VALIDATION_ERROR,
} from '../quests.errors.js';
import {
  CreateMilestoneDto,
  GoalProgressResponse,
  GoalsQuery,
  MilestoneResponse,
  UpdateMilestoneDto,
} from './dto/goals.dto.js';
import { GoalsService } from './goals.service.js';

const GoalId = () => Param('goalId', idOf(GOAL_NOT_FOUND));
const MilestoneId = () => Param('milestoneId', idOf(MILESTONE_NOT_FOUND));

@ApiTags('Quests')
@Controller('quests/goals')
export class GoalsController {
  constructor(private readonly goals: GoalsService) {}

  /** Goals by target date. */
  @Get()
  @GivesPage(GoalResponse)
  @FailsValidationAs(QUEST_VALIDATION_ERROR)
  list(@CurrentUser() user: CurrentUser, @Query() query: GoalsQuery) {
    return this.goals.list(user.id, query as GoalsQuery & Paged);
  }

  /** How far a goal has come, and its milestones. */
  @Get(':goalId/progress')
  @Gives(GoalProgressResponse)
  @Fails(GOAL_NOT_FOUND)
  getGoalProgress(@CurrentUser() user: CurrentUser, @GoalId() goalId: string) {
    return this.goals.progress(user.id, goalId);
  }

  /** The milestones of a goal, in order. */
  @Get(':goalId/milestones')
  @GivesArray(MilestoneResponse)
  @Fails(GOAL_NOT_FOUND)
  listMilestones(@CurrentUser() user: CurrentUser, @GoalId() goalId: string) {
    return this.goals.listMilestones(user.id, goalId);
  }

  /** Adds a milestone to a goal. */
  @Post(':goalId/milestones')
  @Idempotent()
  @CreatedAt('/v1/quests/goals/:goalId/milestones/:id')
  @Takes({ title: 'The first song without a mistake', targetDate: '2030-09-01' })
  @Gives(MilestoneResponse, 201)
  @Fails(GOAL_NOT_FOUND, MILESTONE_LIMIT)
  @FailsValidationAs(QUEST_VALIDATION_ERROR)
  createMilestone(
    @CurrentUser() user: CurrentUser,
    @GoalId() goalId: string,
    @Body() body: CreateMilestoneDto,
  ) {
    return this.goals.createMilestone(user.id, goalId, body);
  }

  /** Changes the given fields of a milestone. */
  @Update(':goalId/milestones/:milestoneId', 'patch')
  @Gives(MilestoneResponse)
  @Fails(MILESTONE_NOT_FOUND, GOAL_NOT_FOUND, PRECONDITION_FAILED)
  @FailsValidationAs(QUEST_VALIDATION_ERROR)
  updateMilestone(
    @CurrentUser() user: CurrentUser,
    @GoalId() goalId: string,
    @MilestoneId() id: string,
    @Body() body: UpdateMilestoneDto,
    @SeenVersions() versions: readonly number[] | undefined,
  ) {
    return this.goals.updateMilestone(user.id, goalId, id, body, versions);
  }

  /** Removes a milestone. */
  @Delete(':goalId/milestones/:milestoneId')
  @Gives(RemovedResponse)
  @Fails(MILESTONE_NOT_FOUND, GOAL_NOT_FOUND, PRECONDITION_FAILED)
  removeMilestone(
    @CurrentUser() user: CurrentUser,
    @GoalId() goalId: string,
    @MilestoneId() id: string,
    @IfMatch() versions: readonly number[] | undefined,
  ) {
    return this.goals.removeMilestone(user.id, goalId, id, versions);
  }
}
