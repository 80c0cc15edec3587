import { IsIn, IsOptional, IsString, Length, ValidateIf } from 'class-validator';
import {
  AgreesWith,
  AsInstant,
  IsDateOnly,
  IsInstant,
  IsOmittable,
  MaxBytes,
  OneLine,
  ValidationCode,
} from '../../../http/validation/validation.decorators.js';
import {
  PRIORITIES,
  type Priority,
  QUEST_TYPES,
  type QuestFields,
  type QuestType,
  STATUSES,
} from '../quest.js';
import { QUEST_VALIDATION_ERROR } from '../quests.errors.js';

/** What quests say, and the rules that make tasks. */
export class DescriptionDto {
  /** @example Complete review by end of week */
  @IsOptional()
  @IsString()
  @MaxBytes(20_000)
  description?: string | null;

  /** @example work */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  @OneLine()
  category?: string | null;

  /** @example high */
  @IsOptional()
  @IsIn(PRIORITIES)
  priority?: Priority | null;

  /** The goal that a task serves; null takes it out. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  goalId?: string | null;
}

/** What create and update share; each field of seed 000 under the seed's name and the common one. */
class QuestFieldsDto extends DescriptionDto {
  /**
   * Also taken as `title`.
   * @example Review project proposal
   */
  @IsOmittable()
  @IsString()
  @Length(1, 200)
  @AgreesWith('title', 'goalName')
  @OneLine()
  taskName?: string;

  /** Also taken as `title`. */
  @IsOmittable()
  @IsString()
  @Length(1, 200)
  @AgreesWith('title', 'taskName')
  @OneLine()
  goalName?: string;

  /** Also taken as `dueDate`. @example 2025-06-25 */
  @IsOmittable()
  @IsDateOnly()
  @AgreesWith('dueDate')
  targetDate?: string;

  /** Tasks: pending, in-progress, completed. Goals: active, completed, paused. */
  @IsOmittable()
  @IsIn(STATUSES)
  status?: (typeof STATUSES)[number];
}

@ValidationCode(QUEST_VALIDATION_ERROR)
export class CreateQuestDto extends QuestFieldsDto {
  /** @example task */
  @IsIn(QUEST_TYPES)
  type!: QuestType;

  /**
   * Required, here or as `taskName` or `goalName`.
   * @example Review project proposal
   */
  @ValidateIf(
    ({ title, taskName, goalName }: CreateQuestDto) =>
      title !== undefined || (taskName ?? goalName) === undefined,
  )
  @IsString()
  @Length(1, 200)
  @AgreesWith('taskName', 'goalName')
  @OneLine()
  title?: string;

  /**
   * When a task is due, or a goal should be reached. Required, here or as `targetDate`.
   * @example 2025-06-25
   */
  @ValidateIf(({ dueDate, targetDate }: CreateQuestDto) => dueDate !== undefined || targetDate === undefined)
  @IsDateOnly()
  @AgreesWith('targetDate')
  dueDate?: string;
}

/** Changes only what is given; `null` clears what is optional. */
@ValidationCode(QUEST_VALIDATION_ERROR)
export class UpdateQuestDto extends QuestFieldsDto {
  /** @example Review project proposal */
  @IsOmittable()
  @IsString()
  @Length(1, 200)
  @AgreesWith('taskName', 'goalName')
  @OneLine()
  title?: string;

  /** @example 2025-06-25 */
  @IsOmittable()
  @IsDateOnly()
  @AgreesWith('targetDate')
  dueDate?: string;
}

/** The fields under one name each. */
export function fieldsOf(body: CreateQuestDto | UpdateQuestDto): QuestFields {
  const { title, taskName, goalName, dueDate, targetDate, description, category, priority, status, goalId } =
    body;
  return {
    title: title ?? taskName ?? goalName,
    date: dueDate ?? targetDate,
    description,
    category,
    priority,
    status,
    goalId,
  };
}

/** Nothing need be said: it is completed now. */
@ValidationCode(QUEST_VALIDATION_ERROR)
export class CompleteQuestDto {
  /** An instant that has passed. @example 2025-06-25T18:30:00.000Z */
  @IsOmittable()
  @IsInstant()
  @AsInstant()
  completedAt?: string;
}
