import { Module } from '@nestjs/common';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { QuestReminders } from './quest-reminders.js';
import { QuestsModule } from './quests.module.js';

/** What only the worker needs. */
@Module({ imports: [QuestsModule, NotificationsModule], providers: [QuestReminders] })
export class QuestRemindersModule {}
