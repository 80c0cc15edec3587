import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { PageQuery } from '../../../http/paging/page-query.dto.js';
import { IsDateOnly, ValidationCode } from '../../../http/validation/validation.decorators.js';
import { QUEST_TYPES, type QuestType, STATUSES } from '../quest.js';
import { QUEST_VALIDATION_ERROR } from '../quests.errors.js';

const VIEWS = ['today', 'overdue', 'upcoming'] as const;

/** Which kind of quest an id names. */
@ValidationCode(QUEST_VALIDATION_ERROR)
export class QuestTypeQuery {
  @IsIn(QUEST_TYPES)
  type!: QuestType;
}

@ValidationCode(QUEST_VALIDATION_ERROR)
export class OptionalQuestTypeQuery {
  @IsOptional()
  @IsIn(QUEST_TYPES)
  type?: QuestType;
}

/** At least one of `date, type, status, goalId, from, to, view` is required. */
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

  @IsOptional()
  @IsIn(STATUSES)
  status?: (typeof STATUSES)[number];

  /** The tasks of one goal. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
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
