import { Module } from '@nestjs/common';
import { UsersModule } from '../../users/users.module.js';
import { NotificationsModule } from '../notifications.module.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DeliveriesService } from './deliveries.service.js';
import { Push } from './push.js';

/** Sending, for the processes that work by the clock: the API itself sends no notification, and does without Web Push. */
@Module({
  imports: [NotificationsModule, UsersModule],
  providers: [DeliveriesRepository, DeliveriesService, Push],
})
export class DeliveryModule {}
