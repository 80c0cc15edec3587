import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { PageQuery } from '../../../../http/paging/page-query.dto.js';
import {
  IsDateOnly,
  IsOmittable,
  OneLine,
  ValidationCode,
  ReadOnlyFields,
} from '../../../../http/validation/validation.decorators.js';
import { ProgressResponse } from '../../dto/quest-response.dto.js';
import { GOAL_STATUSES, type GoalStatus } from '../../quest.js';
import { QUEST_VALIDATION_ERROR } from '../../quests.errors.js';
import { LARGEST_SEQUENCE } from '../milestone.js';

@ValidationCode(QUEST_VALIDATION_ERROR)
export class GoalsQuery extends PageQuery {
  /** Only goals in this state. */
  @IsOptional()
  @IsIn(GOAL_STATUSES)
  status?: GoalStatus;
}

/** What create and update share. */
class MilestoneFieldsDto {
  /** Its place among the others; after the last without it. */
  @IsOmittable()
  @IsInt()
  @Min(0)
  @Max(LARGEST_SEQUENCE)
  sequence?: number;

  /** @example 2025-09-01 */
  @IsOptional()
  @IsDateOnly()
  targetDate?: string | null;

  @IsOmittable()
  @IsBoolean()
  done?: boolean;
}

@ValidationCode(QUEST_VALIDATION_ERROR)
export class CreateMilestoneDto extends MilestoneFieldsDto {
  /** @example The first song without a mistake */
  @IsString()
  @Length(1, 200)
  @OneLine()
  title!: string;
}

/** Changes only what is given; `null` clears what is optional. */
@ReadOnlyFields('id', 'goalId', 'doneAt', 'createdAt', 'updatedAt', 'version')
@ValidationCode(QUEST_VALIDATION_ERROR)
export class UpdateMilestoneDto extends MilestoneFieldsDto {
  /** @example The first song without a mistake */
  @IsOmittable()
  @IsString()
  @Length(1, 200)
  @OneLine()
  title?: string;
}

/** A step on the way to a goal. */
export class MilestoneResponse {
  /** @format uuid */
  id!: string;
  /** @format uuid */
  goalId!: string;
  title!: string;
  sequence!: number;
  /** @format date */
  targetDate!: string | null;
  done!: boolean;
  /** @format date-time */
  doneAt!: string | null;
  /** @format date-time */
  createdAt!: string;
  /** @format date-time */
  updatedAt!: string;
  version!: number;
}

/** How far a goal has come, by its tasks, and its milestones in order. */
export class GoalProgressResponse extends ProgressResponse {
  milestones!: MilestoneResponse[];
}
