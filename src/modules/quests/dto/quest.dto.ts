import { IsIn, IsOptional, IsString, Length, ValidateIf } from 'class-validator';
import { ApiError } from '../../../http/errors/api-error.js';
import {
  AsInstant,
  IsDateOnly,
  IsInstant,
  IsOmittable,
  MaxBytes,
  OneLine,
  ValidationCode,
  ReadOnlyFields,
  NamesId,
  NullIsAbsent,
} from '../../../http/validation/validation.decorators.js';
import {
  PRIORITIES,
  type Priority,
  QUEST_TYPES,
  type Quest,
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
  @NamesId()
  goalId?: string | null;
}

/** What create and update share; each field of seed 000 under the seed's name and the common one. */
class QuestFieldsDto extends DescriptionDto {
  /**
   * Another name of `title`.
   * @example Review project proposal
   */
  @IsOmittable()
  @IsString()
  @Length(1, 200)
  @OneLine()
  taskName?: string;

  /** Another name of `title`. */
  @IsOmittable()
  @IsString()
  @Length(1, 200)
  @OneLine()
  goalName?: string;

  /** Another name of `dueDate`. @example 2025-06-25 */
  @IsOmittable()
  @IsDateOnly()
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
  @NullIsAbsent()
  @ValidateIf(
    ({ title, taskName, goalName }: CreateQuestDto) =>
      title !== undefined || (taskName ?? goalName) === undefined,
  )
  @IsString()
  @Length(1, 200)
  @OneLine()
  title?: string;

  /**
   * When a task is due, or a goal should be reached. Required, here or as `targetDate`.
   * @example 2025-06-25
   */
  @NullIsAbsent()
  @ValidateIf(({ dueDate, targetDate }: CreateQuestDto) => dueDate !== undefined || targetDate === undefined)
  @IsDateOnly()
  dueDate?: string;
}

/** Changes only what is given; `null` clears what is optional. */
@ReadOnlyFields(
  'id',
  'userId',
  'type',
  'taskId',
  'recurrenceRuleId',
  'next',
  'progress',
  'completedAt',
  'createdAt',
  'updatedAt',
  'version',
)
@ValidationCode(QUEST_VALIDATION_ERROR)
export class UpdateQuestDto extends QuestFieldsDto {
  /** @example Review project proposal */
  @IsOmittable()
  @IsString()
  @Length(1, 200)
  @OneLine()
  title?: string;

  /** @example 2025-06-25 */
  @IsOmittable()
  @IsDateOnly()
  dueDate?: string;
}

/**
 * The fields under one name each. Two names of one field may differ in a change only if one of them has the value of
 * before: who sends a quest back with another title sends the former `taskName` along.
 * @param before the quest that is to be changed
 * @throws {ApiError} QUEST_VALIDATION_ERROR
 */
export function fieldsOf(body: CreateQuestDto | UpdateQuestDto, before?: Quest): QuestFields {
  const { title, taskName, goalName, dueDate, targetDate, description, category, priority, status, goalId } =
    body;
  const date = before && (before.type === 'goal' ? before.targetDate : before.dueDate);
  return {
    title: oneOf({ title, taskName, goalName }, before?.title),
    date: oneOf({ dueDate, targetDate }, date),
    description,
    category,
    priority,
    status,
    // A goal says its own id by this name.
    goalId: before?.type === 'goal' && goalId === before.id ? undefined : goalId,
  };
}

function oneOf(names: Readonly<Record<string, string | undefined>>, before?: string): string | undefined {
  const given = Object.entries(names).filter(([, value]) => value !== undefined);
  const [first, ...others] = given.filter(([, value]) => value !== before);
  const other = others.find(([, value]) => value !== first?.[1]);
  if (first && other) {
    const message = `${other[0]} must not differ from ${first[0]}`;
    throw new ApiError(QUEST_VALIDATION_ERROR, {
      details: [{ field: other[0], code: 'agrees', message }],
    });
  }
  return (first ?? given[0])?.[1];
}

/** Whether a change names a field by two names that differ. */
export const namesDiffer = ({ title, taskName, goalName, dueDate, targetDate }: UpdateQuestDto): boolean =>
  [
    [title, taskName, goalName],
    [dueDate, targetDate],
  ].some((names) => new Set(names.filter((name) => name !== undefined)).size > 1);

/** Nothing need be said: it is completed now. */
@ValidationCode(QUEST_VALIDATION_ERROR)
export class CompleteQuestDto {
  /** An instant that has passed. @example 2025-06-25T18:30:00.000Z */
  @IsOmittable()
  @IsInstant()
  @AsInstant()
  completedAt?: string;
}
