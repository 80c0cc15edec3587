import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { plainToInstance, Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  ValidateNested,
} from 'class-validator';
import { ValidationCode } from '../../../../http/validation/validation.decorators.js';
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

  @IsString()
  @Length(1, 100)
  id!: string;

  @IsIn(QUEST_TYPES)
  type!: QuestType;
}

/** As `POST /quests/{id}/complete`. */
export class CompleteOperation extends CompleteQuestDto {
  @IsIn(['complete'])
  op!: 'complete';

  @IsString()
  @Length(1, 100)
  id!: string;

  @IsOptional()
  @IsIn(QUEST_TYPES)
  type?: QuestType;
}

/** As `POST /quests/{id}/reopen`. */
export class ReopenOperation {
  @IsIn(['reopen'])
  op!: 'reopen';

  @IsString()
  @Length(1, 100)
  id!: string;

  @IsOptional()
  @IsIn(QUEST_TYPES)
  type?: QuestType;
}

/** As `DELETE /quests/{id}`, for tasks: a goal with all that hangs on it goes by itself. */
export class DeleteOperation {
  @IsIn(['delete'])
  op!: 'delete';

  @IsString()
  @Length(1, 100)
  id!: string;

  @IsIn(['task'])
  type!: 'task';
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

/** What is no object stays what it is, for the validation to refuse. */
function operationOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const kind = KINDS.find(({ name }) => name === (value as { op?: unknown }).op);
  return plainToInstance<object, unknown>(kind?.value ?? UnknownOperation, value, {
    exposeDefaultValues: true,
  });
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
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.map(operationOf) : value))
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
