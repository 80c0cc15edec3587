import { IsIn, IsOptional } from 'class-validator';
import { PageQuery } from '../../../http/paging/page-query.dto.js';
import { IsDateOnly, ValidationCode, NamesId } from '../../../http/validation/validation.decorators.js';
import { QUEST_TYPES, type QuestType, STATUSES } from '../quest.js';
import { QUEST_VALIDATION_ERROR } from '../quests.errors.js';

const VIEWS = ['today', 'overdue', 'upcoming'] as const;

/** Which kind of quest an id names. The id alone is enough; with the kind, some changes cost one read less. */
@ValidationCode(QUEST_VALIDATION_ERROR)
export class QuestTypeQuery {
  /** Which kind of quest it is; found out without it. */
  @IsOptional()
  @IsIn(QUEST_TYPES)
  type?: QuestType;
}

/** Without any of `date, type, status, goalId, from, to, view`: all open tasks, soonest first. */
@ValidationCode(QUEST_VALIDATION_ERROR)
export class ListQuestsQuery extends PageQuery {
  /** 20 without it; with `date`, the whole day. */
  @IsOptional()
  override limit?: number = undefined;

  /** The tasks of one day, as `2025-06-25`. */
  @IsOptional()
  @IsDateOnly()
  date?: string;

  /** `task` unless a goal's status says otherwise. */
  @IsOptional()
  @IsIn(QUEST_TYPES)
  type?: QuestType;

  /** Only quests in this state. Tasks: pending, in-progress, completed. Goals: active, completed, paused. */
  @IsOptional()
  @IsIn(STATUSES)
  status?: (typeof STATUSES)[number];

  /** The tasks of one goal. */
  @IsOptional()
  @NamesId()
  goalId?: string;

  /** The first day. */
  @IsOptional()
  @IsDateOnly()
  from?: string;

  /** The last day. */
  @IsOptional()
  @IsDateOnly()
  to?: string;

  /** In the user's time zone: tasks of today; open tasks of earlier days; open tasks of later days. */
  @IsOptional()
  @IsIn(VIEWS)
  view?: (typeof VIEWS)[number];
}
