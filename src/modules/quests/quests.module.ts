import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { QuestListsService } from './quest-lists.service.js';
import { QuestsAccountData } from './quests.account-data.js';
import { QuestsController } from './quests.controller.js';
import { QuestsRepository } from './quests.repository.js';
import { QuestsService } from './quests.service.js';

@Module({
  imports: [UsersModule],
  controllers: [QuestsController],
  providers: [QuestsRepository, QuestsService, QuestListsService, QuestsAccountData],
  exports: [QuestsService, QuestListsService],
})
export class QuestsModule {}
