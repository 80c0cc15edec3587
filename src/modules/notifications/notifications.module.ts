import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { DevicesRepository } from './devices.repository.js';
import { DevicesService } from './devices.service.js';
import { NotificationsAccountData } from './notifications.account-data.js';
import { NotificationsController } from './notifications.controller.js';
import { NotificationsRepository } from './notifications.repository.js';
import { NotificationsService } from './notifications.service.js';
import { PreferencesRepository } from './preferences.repository.js';
import { PreferencesService } from './preferences.service.js';
import { RemindersRepository } from './reminders.repository.js';
import { RemindersService } from './reminders.service.js';
import { UnsubscribeController } from './unsubscribe.controller.js';
import { UnsubscribeService } from './unsubscribe.service.js';

@Module({
  imports: [UsersModule],
  controllers: [UnsubscribeController, NotificationsController],
  providers: [
    NotificationsRepository,
    NotificationsService,
    PreferencesRepository,
    PreferencesService,
    DevicesRepository,
    DevicesService,
    RemindersRepository,
    RemindersService,
    UnsubscribeService,
    NotificationsAccountData,
  ],
  exports: [
    NotificationsService,
    RemindersService,
    NotificationsRepository,
    PreferencesRepository,
    DevicesRepository,
    UnsubscribeService,
  ],
})
export class NotificationsModule {}
