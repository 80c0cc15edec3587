import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../../http/access/access.decorators.js';
import { IfMatch, SeenVersions } from '../../../http/envelope/etag.js';
import { CreatedAt } from '../../../http/envelope/response.decorators.js';
import { PRECONDITION_FAILED, WRITE_CONFLICT } from '../../../http/errors/common.errors.js';
import { Idempotent } from '../../../http/idempotency/idempotent.decorator.js';
import {
  Fails,
  FailsValidationAs,
  Gives,
  GivesDates,
  GivesPage,
  Takes,
} from '../../../http/openapi/describe.decorators.js';
import { RemovedResponse } from '../../../http/openapi/removed.dto.js';
import { type Paged, PageQuery } from '../../../http/paging/page-query.dto.js';
import { idOf } from '../../../http/validation/id.pipe.js';
import { Update } from '../../../http/request/update.decorator.js';
import { GOAL_NOT_FOUND, QUEST_VALIDATION_ERROR } from '../quests.errors.js';
import { CreateRuleDto, PreviewQuery, RuleResponse, SkipDto, UpdateRuleDto } from './dto/rule.dto.js';
import { EXCEPTION_LIMIT, RRULE_INVALID, RULE_LIMIT, RULE_NOT_FOUND } from './rules.errors.js';
import { RulesService } from './rules.service.js';

const RuleId = () => Param('id', idOf(RULE_NOT_FOUND));

/** Rules by which tasks recur; docs/quests.md explains them. */
@ApiTags('Quests')
@Controller('quests/recurrence-rules')
export class RulesController {
  constructor(private readonly rules: RulesService) {}

  /** Makes a recurrence rule; the task of today, if there is one, is made at once. */
  @Post()
  @Idempotent()
  @CreatedAt('/v1/quests/recurrence-rules/:id')
  @Takes({ title: 'Practise scales', frequency: 'weekly', daysOfWeek: [1, 3, 5], startDate: '2030-06-03' })
  @Gives(RuleResponse, 201)
  @Fails(RRULE_INVALID, GOAL_NOT_FOUND, RULE_LIMIT)
  @FailsValidationAs(QUEST_VALIDATION_ERROR)
  createRecurrenceRule(@CurrentUser() user: CurrentUser, @Body() body: CreateRuleDto) {
    return this.rules.create(user.id, body);
  }

  /** All recurrence rules, oldest first. */
  @Get()
  @GivesPage(RuleResponse)
  listRecurrenceRules(@CurrentUser() user: CurrentUser, @Query() query: PageQuery) {
    return this.rules.list(user.id, query as PageQuery & Paged);
  }

  /** One recurrence rule, with its next dates. */
  @Get(':id')
  @Gives(RuleResponse)
  @Fails(RULE_NOT_FOUND)
  getRecurrenceRule(@CurrentUser() user: CurrentUser, @RuleId() id: string) {
    return this.rules.get(user.id, id);
  }

  /** Changes the given fields. Tasks that are made already stay as they are. */
  @Update(':id')
  @Takes({ status: 'paused' })
  @Gives(RuleResponse)
  @Fails(RULE_NOT_FOUND, RRULE_INVALID, GOAL_NOT_FOUND, PRECONDITION_FAILED, WRITE_CONFLICT)
  @FailsValidationAs(QUEST_VALIDATION_ERROR)
  updateRecurrenceRule(
    @CurrentUser() user: CurrentUser,
    @RuleId() id: string,
    @Body() body: UpdateRuleDto,
    @SeenVersions() versions: readonly number[] | undefined,
  ) {
    return this.rules.update(user.id, id, body, versions);
  }

  /** Removes a recurrence rule; the tasks that it made stay. */
  @Delete(':id')
  @Gives(RemovedResponse)
  @Fails(RULE_NOT_FOUND, PRECONDITION_FAILED)
  removeRecurrenceRule(
    @CurrentUser() user: CurrentUser,
    @RuleId() id: string,
    @IfMatch() versions: readonly number[] | undefined,
  ) {
    return this.rules.remove(user.id, id, versions);
  }

  /** The next dates of a rule. */
  @Get(':id/preview')
  @GivesDates()
  @Fails(RULE_NOT_FOUND)
  @FailsValidationAs(QUEST_VALIDATION_ERROR)
  previewRecurrenceRule(
    @CurrentUser() user: CurrentUser,
    @RuleId() id: string,
    @Query() { count = 10 }: PreviewQuery,
  ) {
    return this.rules.preview(user.id, id, count);
  }

  /** Leaves one date of a rule out. */
  @Post(':id/skip')
  @HttpCode(200)
  @Gives(RuleResponse)
  @Fails(RULE_NOT_FOUND, EXCEPTION_LIMIT, WRITE_CONFLICT)
  @FailsValidationAs(QUEST_VALIDATION_ERROR)
  skipRecurrenceDate(@CurrentUser() user: CurrentUser, @RuleId() id: string, @Body() { date }: SkipDto) {
    return this.rules.skip(user.id, id, date);
  }
}
