import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../../http/access/access.decorators.js';
import { FailsValidationAs, Gives } from '../../../http/openapi/describe.decorators.js';
import { QUEST_VALIDATION_ERROR } from '../quests.errors.js';
import { StatisticsQuery, StatisticsResponse } from './dto/statistics.dto.js';
import { StatisticsService } from './statistics.service.js';

@ApiTags('Quests')
@Controller('quests/stats')
export class StatisticsController {
  constructor(private readonly statistics: StatisticsService) {}

  /** What was done, how much of it in time, and on which days. */
  @Get()
  @Gives(StatisticsResponse)
  @FailsValidationAs(QUEST_VALIDATION_ERROR)
  getQuestStatistics(@CurrentUser() user: CurrentUser, @Query() query: StatisticsQuery) {
    return this.statistics.of(user.id, query);
  }
}
