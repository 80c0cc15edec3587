import { Module } from '@nestjs/common';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { UsersModule } from '../users/users.module.js';
import { CertificationReminders } from './certification-reminders.js';
import { CertificationsController } from './certifications.controller.js';
import { CertificationsRepository } from './certifications.repository.js';
import { CertificationsService } from './certifications.service.js';

@Module({
  imports: [NotificationsModule, UsersModule],
  controllers: [CertificationsController],
  providers: [CertificationsService, CertificationsRepository, CertificationReminders],
  exports: [CertificationsService],
})
export class CertificationsModule {}
