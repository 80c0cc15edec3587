import { Module } from '@nestjs/common';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { UsersModule } from '../users/users.module.js';
import { CertificationReminders } from './certification-reminders.js';
import { CertificationsModule } from './certifications.module.js';

/** What only the worker needs. */
@Module({
  imports: [CertificationsModule, NotificationsModule, UsersModule],
  providers: [CertificationReminders],
})
export class CertificationRemindersModule {}
