import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
} from 'class-validator';
import {
  AreDatesOnly,
  IsDateOnly,
  IsOmittable,
  OneLine,
  ValidationCode,
  ReadOnlyFields,
  WholeNumber,
} from '../../../../http/validation/validation.decorators.js';
import { DescriptionDto } from '../../dto/quest.dto.js';
import type { Priority } from '../../quest.js';
import { QUEST_VALIDATION_ERROR } from '../../quests.errors.js';
import { LARGEST_COUNT, LARGEST_INTERVAL } from '../rrule.js';
import {
  EXCEPTIONS_PER_RULE,
  FREQUENCIES,
  type Frequency,
  type Mode,
  MODES,
  type Rule,
  RULE_STATUSES,
  type RuleStatus,
} from '../rule.js';

/** What create and update share. A rule goes by `frequency` or by `rrule`. */
class RuleFieldsDto extends DescriptionDto {
  /** @example weekly */
  @IsOptional()
  @IsIn(FREQUENCIES)
  frequency?: Frequency | null;

  /**
   * RFC 5545: FREQ, INTERVAL, BYDAY, BYMONTHDAY, COUNT, UNTIL. Has its own interval and end.
   * @example FREQ=MONTHLY;BYDAY=-1FR
   */
  @IsOptional()
  @IsString()
  @Length(1, 500)
  rrule?: string | null;

  /** Every how many days, weeks, months or years. */
  @IsOmittable()
  @IsInt()
  @Min(1)
  @Max(LARGEST_INTERVAL)
  interval?: number;

  /** For `weekly`: 0 is Sunday; without it, the weekday of `startDate`. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(7)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(6, { each: true })
  daysOfWeek?: number[] | null;

  /** The last date there may be. @example 2026-06-30 */
  @IsOptional()
  @IsDateOnly()
  endDate?: string | null;

  /** How many dates there are in all. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LARGEST_COUNT)
  count?: number | null;

  /** By the calendar, or by when the task before was completed. */
  @IsOmittable()
  @IsIn(MODES)
  mode?: Mode;

  /** Makes no task while the one before is open. */
  @IsOmittable()
  @IsBoolean()
  skipIfOpen?: boolean;

  /** Dates that are left out. */
  @IsOmittable()
  @IsArray()
  @ArrayMaxSize(EXCEPTIONS_PER_RULE)
  @ArrayUnique()
  @AreDatesOnly()
  exceptions?: string[];

  /** A rule that is paused makes nothing, and makes up for nothing afterwards. */
  @IsOmittable()
  @IsIn(RULE_STATUSES)
  status?: RuleStatus;
}

@ValidationCode(QUEST_VALIDATION_ERROR)
export class CreateRuleDto extends RuleFieldsDto {
  /** @example Practise scales */
  @IsString()
  @Length(1, 200)
  @OneLine()
  title!: string;

  /** The first date there may be. @example 2025-06-25 */
  @IsDateOnly()
  startDate!: string;
}

/** Changes only what is given; `null` clears what is optional. Tasks that are made already stay as they are. */
@ReadOnlyFields(
  'id',
  'recurrenceRuleId',
  'userId',
  'lastDate',
  'made',
  'nextDates',
  'createdAt',
  'updatedAt',
  'version',
)
@ValidationCode(QUEST_VALIDATION_ERROR)
export class UpdateRuleDto extends RuleFieldsDto {
  /** @example Practise scales */
  @IsOmittable()
  @IsString()
  @Length(1, 200)
  @OneLine()
  title?: string;

  /** @example 2025-06-25 */
  @IsOmittable()
  @IsDateOnly()
  startDate?: string;
}

@ValidationCode(QUEST_VALIDATION_ERROR)
export class PreviewQuery {
  /** How many dates to show. */
  @WholeNumber()
  @Min(1)
  @Max(50)
  count?: number = 10;
}

@ValidationCode(QUEST_VALIDATION_ERROR)
export class SkipDto {
  /** A date of the rule, today or later. @example 2030-06-25 */
  @IsDateOnly()
  date!: string;
}

/** A rule by which tasks are made. */
export class RuleResponse {
  /** @format uuid */
  id!: string;
  /** Another name of `id`. @format uuid */
  recurrenceRuleId!: string;
  /** @format uuid */
  userId!: string;
  title!: string;
  description!: string | null;
  category!: string | null;
  priority!: Priority | null;
  goalId!: string | null;
  frequency!: Frequency | null;
  rrule!: string | null;
  interval!: number;
  daysOfWeek!: number[] | null;
  /** @format date */
  startDate!: string;
  /** @format date */
  endDate!: string | null;
  count!: number | null;
  mode!: Mode;
  skipIfOpen!: boolean;
  exceptions!: string[];
  status!: RuleStatus;
  /** The latest date that a task was made for. @format date */
  lastDate!: string | null;
  /** Tasks made so far. */
  made!: number;
  /** The next five dates; none when it has ended. */
  nextDates!: string[];
  version!: number;
  /** @format date-time */
  createdAt!: string;
  /** @format date-time */
  updatedAt!: string;
}

/** A rule with its next dates, and without what it is worked with. */
export function ruleResponse(rule: Rule, nextDates: readonly string[]): RuleResponse {
  const { nextDate: _n, completedOn: _c, moves: _m, endsOn: _e, daysOfWeek, exceptions, ...shown } = rule;
  return {
    ...shown,
    recurrenceRuleId: rule.id,
    daysOfWeek: daysOfWeek && [...daysOfWeek],
    exceptions: [...exceptions],
    nextDates: [...nextDates],
  };
}
