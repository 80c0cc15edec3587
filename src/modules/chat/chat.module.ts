import { Module } from '@nestjs/common';
import { BlogModule } from '../blog/blog.module.js';
import { ContextModule } from '../context/context.module.js';
import { GuitarsModule } from '../guitars/guitars.module.js';
import { MemoriesModule } from '../memories/memories.module.js';
import { QuestsModule } from '../quests/quests.module.js';
import { UsersModule } from '../users/users.module.js';
import { ActionsRepository } from './actions/actions.repository.js';
import { ActionsService } from './actions/actions.service.js';
import { AnsweringService } from './answering/answering.service.js';
import { AnswersService } from './answering/answers.service.js';
import { DialogueService } from './answering/dialogue.service.js';
import { IntakeService } from './answering/intake.service.js';
import { MaterialService } from './answering/material.service.js';
import { RoundsRepository } from './answering/rounds.repository.js';
import { ToolRuns } from './answering/tool-runs.service.js';
import { ChatAccountData } from './chat.account-data.js';
import { ChatController } from './chat.controller.js';
import { ConversationsController } from './conversations/conversations.controller.js';
import { ConversationsRepository } from './conversations/conversations.repository.js';
import { ConversationsService } from './conversations/conversations.service.js';
import { RemovalService } from './conversations/removal.service.js';
import { MessagesRepository } from './messages/messages.repository.js';
import { ContextTools } from './tools/context-tools.js';
import { GuitarTools } from './tools/guitar-tools.js';
import { MemoryTools } from './tools/memory-tools.js';
import { PostTools } from './tools/post-tools.js';
import { QuestTools } from './tools/quest-tools.js';
import { ToolBox } from './tools/tool-box.js';
import { UsageRepository } from './usage/usage.repository.js';
import { UsageService } from './usage/usage.service.js';

@Module({
  imports: [UsersModule, QuestsModule, GuitarsModule, BlogModule, MemoriesModule, ContextModule],
  controllers: [ChatController, ConversationsController],
  providers: [
    AnsweringService,
    IntakeService,
    DialogueService,
    AnswersService,
    MaterialService,
    RoundsRepository,
    ToolRuns,
    ToolBox,
    QuestTools,
    GuitarTools,
    PostTools,
    MemoryTools,
    ContextTools,
    ActionsService,
    ActionsRepository,
    ConversationsService,
    ConversationsRepository,
    RemovalService,
    MessagesRepository,
    UsageService,
    UsageRepository,
    ChatAccountData,
  ],
})
export class ChatModule {}
