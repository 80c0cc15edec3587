import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { BatchesRepository } from './batch/batches.repository.js';
import { BatchService } from './batch/batch.service.js';
import { CalendarController } from './calendar/calendar.controller.js';
import { CalendarService } from './calendar/calendar.service.js';
import { CalendarTokensRepository } from './calendar/calendar-tokens.repository.js';
import { GoalProgressService } from './goals/goal-progress.service.js';
import { GoalSweeper } from './goals/goal-sweeper.service.js';
import { GoalsController } from './goals/goals.controller.js';
import { GoalsService } from './goals/goals.service.js';
import { MilestonesRepository } from './goals/milestones.repository.js';
import { QuestChanges } from './quest-changes.service.js';
import { QuestListsRepository } from './quest-lists.repository.js';
import { QuestListsService } from './quest-lists.service.js';
import { QuestsAccountData } from './quests.account-data.js';
import { QuestsController } from './quests.controller.js';
import { QuestsRepository } from './quests.repository.js';
import { QuestsService } from './quests.service.js';
import { DueTasksService } from './recurrence/due-tasks.service.js';
import { RuleTasks } from './recurrence/rule-tasks.service.js';
import { RuleTimeZones } from './recurrence/rule-time-zones.js';
import { RulesController } from './recurrence/rules.controller.js';
import { RulesRepository } from './recurrence/rules.repository.js';
import { RulesService } from './recurrence/rules.service.js';
import { StatisticsController } from './statistics/statistics.controller.js';
import { StatisticsService } from './statistics/statistics.service.js';

@Module({
  imports: [UsersModule],
  // A path of words stands before `/quests/{id}`, which would take them for ids.
  controllers: [GoalsController, RulesController, StatisticsController, CalendarController, QuestsController],
  providers: [
    QuestsRepository,
    QuestListsRepository,
    QuestsService,
    QuestChanges,
    QuestListsService,
    BatchService,
    BatchesRepository,
    MilestonesRepository,
    GoalsService,
    GoalProgressService,
    GoalSweeper,
    RulesRepository,
    RulesService,
    RuleTasks,
    RuleTimeZones,
    DueTasksService,
    StatisticsService,
    CalendarTokensRepository,
    CalendarService,
    QuestsAccountData,
  ],
  exports: [QuestsService, QuestListsService, QuestListsRepository],
})
export class QuestsModule {}
