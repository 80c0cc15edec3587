import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../http/access/access.decorators.js';
import { IfMatch, SeenVersions } from '../../http/envelope/etag.js';
import { CreatedAt } from '../../http/envelope/response.decorators.js';
import { PRECONDITION_FAILED, WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Idempotent } from '../../http/idempotency/idempotent.decorator.js';
import {
  Fails,
  FailsValidationAs,
  Gives,
  GivesArray,
  GivesPage,
  Takes,
} from '../../http/openapi/describe.decorators.js';
import { RemovedResponse } from '../../http/openapi/removed.dto.js';
import { idOf } from '../../http/validation/id.pipe.js';
import { Update } from '../../http/request/update.decorator.js';
import { BatchService } from './batch/batch.service.js';
import { BatchDto, BatchResult } from './batch/dto/batch.dto.js';
import { CompleteQuestDto, CreateQuestDto, UpdateQuestDto } from './dto/quest.dto.js';
import { ListQuestsQuery, QuestTypeQuery } from './dto/quest-query.dto.js';
import { GoalResponse, TaskResponse } from './dto/quest-response.dto.js';
import { QuestListsService } from './quest-lists.service.js';
import {
  BATCH_FAILED,
  GOAL_NOT_FOUND,
  GOAL_TASK_LIMIT,
  QUEST_ALREADY_COMPLETED,
  QUEST_NOT_FOUND,
  QUEST_VALIDATION_ERROR,
} from './quests.errors.js';
import { QuestsService } from './quests.service.js';

@ApiTags('Quests')
@Controller('quests')
export class QuestsController {
  constructor(
    private readonly quests: QuestsService,
    private readonly lists: QuestListsService,
    private readonly batches: BatchService,
  ) {}

  /** Makes a goal or a task. */
  @Post()
  @Idempotent()
  @CreatedAt('/v1/quests/:id')
  @Takes({ type: 'task', title: 'Review project proposal', dueDate: '2030-06-25', priority: 'high' })
  @Gives([TaskResponse, GoalResponse], 201)
  @Fails(GOAL_NOT_FOUND, GOAL_TASK_LIMIT)
  @FailsValidationAs(QUEST_VALIDATION_ERROR)
  create(@CurrentUser() user: CurrentUser, @Body() body: CreateQuestDto) {
    return this.quests.create(user.id, body);
  }

  /** Lists tasks or goals by date. */
  @Get()
  @GivesPage([TaskResponse, GoalResponse])
  @FailsValidationAs(QUEST_VALIDATION_ERROR)
  list(@CurrentUser() user: CurrentUser, @Query() query: ListQuestsQuery) {
    return this.lists.list(user.id, query);
  }

  /** A task, or a goal with its progress. */
  @Get(':id')
  @Gives([TaskResponse, GoalResponse])
  @Fails(QUEST_NOT_FOUND)
  @FailsValidationAs(QUEST_VALIDATION_ERROR)
  get(
    @CurrentUser() user: CurrentUser,
    @Param('id', idOf(QUEST_NOT_FOUND)) id: string,
    @Query() { type }: QuestTypeQuery,
  ) {
    return this.quests.get(user.id, id, type);
  }

  /** Changes the given fields. */
  @Update(':id')
  @Takes({ status: 'completed' })
  @Gives([TaskResponse, GoalResponse])
  @Fails(QUEST_NOT_FOUND, GOAL_NOT_FOUND, GOAL_TASK_LIMIT, PRECONDITION_FAILED, WRITE_CONFLICT)
  @FailsValidationAs(QUEST_VALIDATION_ERROR)
  update(
    @CurrentUser() user: CurrentUser,
    @Param('id', idOf(QUEST_NOT_FOUND)) id: string,
    @Query() { type }: QuestTypeQuery,
    @Body() body: UpdateQuestDto,
    @SeenVersions() versions: readonly number[] | undefined,
  ) {
    return this.quests.update(user.id, type, id, body, versions);
  }

  /** Completes a task or a goal, once; a task that recurs shows the next one. To say so again changes nothing. */
  @Post(':id/complete')
  @HttpCode(200)
  @ApiBody({ type: CompleteQuestDto, required: false })
  @Gives([TaskResponse, GoalResponse])
  @Fails(QUEST_NOT_FOUND, QUEST_ALREADY_COMPLETED, WRITE_CONFLICT)
  @FailsValidationAs(QUEST_VALIDATION_ERROR)
  completeQuest(
    @CurrentUser() user: CurrentUser,
    @Param('id', idOf(QUEST_NOT_FOUND)) id: string,
    @Query() { type }: QuestTypeQuery,
    @Body() body: CompleteQuestDto,
  ) {
    return this.quests.complete(user.id, id, type, body);
  }

  /** Opens a task or a goal that was completed. */
  @Post(':id/reopen')
  @HttpCode(200)
  @Gives([TaskResponse, GoalResponse])
  @Fails(QUEST_NOT_FOUND, WRITE_CONFLICT)
  @FailsValidationAs(QUEST_VALIDATION_ERROR)
  reopenQuest(
    @CurrentUser() user: CurrentUser,
    @Param('id', idOf(QUEST_NOT_FOUND)) id: string,
    @Query() { type }: QuestTypeQuery,
  ) {
    return this.quests.reopen(user.id, id, type);
  }

  /** Makes, changes, completes and removes up to 25 quests: all of it, or nothing. */
  @Post('batch')
  @HttpCode(200)
  @Idempotent()
  @Takes({
    operations: [
      { op: 'create', type: 'task', title: 'Book the rehearsal room', dueDate: '2030-06-25' },
      { op: 'create', type: 'task', title: 'Print the set list', dueDate: '2030-06-27' },
    ],
  })
  @GivesArray(BatchResult)
  @Fails(BATCH_FAILED, WRITE_CONFLICT)
  @FailsValidationAs(QUEST_VALIDATION_ERROR)
  changeQuests(@CurrentUser() user: CurrentUser, @Body() { operations }: BatchDto) {
    return this.batches.run(user.id, operations);
  }

  /** Removes a task; or a goal, whose tasks stay without it. */
  @Delete(':id')
  @Gives(RemovedResponse)
  @Fails(QUEST_NOT_FOUND, PRECONDITION_FAILED, WRITE_CONFLICT)
  @FailsValidationAs(QUEST_VALIDATION_ERROR)
  remove(
    @CurrentUser() user: CurrentUser,
    @Param('id', idOf(QUEST_NOT_FOUND)) id: string,
    @Query() { type }: QuestTypeQuery,
    @IfMatch() versions: readonly number[] | undefined,
  ) {
    return this.quests.remove(user.id, type, id, versions);
  }
}
