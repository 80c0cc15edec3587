import type { Type } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsInt, IsOptional, Min } from 'class-validator';
import {
  Nested,
  NullIsAbsent,
  ValidationCode,
  NamesId,
} from '../../../../http/validation/validation.decorators.js';
import { CompleteQuestDto, CreateQuestDto, UpdateQuestDto } from '../../dto/quest.dto.js';
import { GoalResponse, TaskResponse } from '../../dto/quest-response.dto.js';
import { QUEST_TYPES, type QuestType } from '../../quest.js';
import { QUEST_VALIDATION_ERROR } from '../../quests.errors.js';

export const BATCH_SIZE = 25;

const OPERATIONS = ['create', 'update', 'complete', 'reopen', 'delete'] as const;

/** What an operation is when it is none of those that are known. */
class UnknownOperation {
  @IsIn(OPERATIONS)
  op!: (typeof OPERATIONS)[number];
}

/** As `POST /quests`. */
export class CreateOperation extends CreateQuestDto {
  @IsIn(['create'])
  op!: 'create';
}

/** As `PUT /quests/{id}`. */
export class UpdateOperation extends UpdateQuestDto {
  @IsIn(['update'])
  op!: 'update';

  @NamesId()
  id!: string;

  @NullIsAbsent()
  @IsOptional()
  @IsIn(QUEST_TYPES)
  type?: QuestType;

  /** The version that you have seen: another one fails the operation with `PRECONDITION_FAILED`. @example 1 */
  @NullIsAbsent()
  @IsOptional()
  @IsInt()
  @Min(0)
  version?: number;
}

/** As `POST /quests/{id}/complete`. */
export class CompleteOperation extends CompleteQuestDto {
  @IsIn(['complete'])
  op!: 'complete';

  @NamesId()
  id!: string;

  @NullIsAbsent()
  @IsOptional()
  @IsIn(QUEST_TYPES)
  type?: QuestType;
}

/** As `POST /quests/{id}/reopen`. */
export class ReopenOperation {
  @IsIn(['reopen'])
  op!: 'reopen';

  @NamesId()
  id!: string;

  @NullIsAbsent()
  @IsOptional()
  @IsIn(QUEST_TYPES)
  type?: QuestType;
}

/** As `DELETE /quests/{id}`, for tasks: a goal with all that hangs on it goes by itself. */
export class DeleteOperation {
  @IsIn(['delete'])
  op!: 'delete';

  @NamesId()
  id!: string;

  @NullIsAbsent()
  @IsOptional()
  @IsIn(['task'])
  type?: 'task';
}

export type Operation =
  CreateOperation | UpdateOperation | CompleteOperation | ReopenOperation | DeleteOperation;

const KINDS = [
  { name: 'create', value: CreateOperation },
  { name: 'update', value: UpdateOperation },
  { name: 'complete', value: CompleteOperation },
  { name: 'reopen', value: ReopenOperation },
  { name: 'delete', value: DeleteOperation },
];

function operationOf(value: object): Type<object> {
  return KINDS.find(({ name }) => name === (value as { op?: unknown }).op)?.value ?? UnknownOperation;
}

@ApiExtraModels(...KINDS.map(({ value }) => value))
@ValidationCode(QUEST_VALIDATION_ERROR)
export class BatchDto {
  /** Done together or not at all; one id at most once. */
  @ApiProperty({
    type: 'array',
    minItems: 1,
    maxItems: BATCH_SIZE,
    items: { oneOf: KINDS.map(({ value }) => ({ $ref: getSchemaPath(value) })) },
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(BATCH_SIZE)
  @Nested(operationOf, { each: true })
  operations!: Operation[];
}

/** What became of one operation. */
@ApiExtraModels(TaskResponse, GoalResponse)
export class BatchResult {
  op!: 'create' | 'update' | 'complete' | 'reopen' | 'delete';
  /** @format uuid */
  id!: string;
  /** How it stands now; not after `delete`. */
  @ApiProperty({
    required: false,
    oneOf: [TaskResponse, GoalResponse].map((model) => ({ $ref: getSchemaPath(model) })),
  })
  quest?: TaskResponse | GoalResponse;
}
