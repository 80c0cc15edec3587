import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { InvitesAccountData } from './invites.account-data.js';
import { InvitesController } from './invites.controller.js';
import { InvitesRepository } from './invites.repository.js';
import { InvitesService } from './invites.service.js';

@Module({
  imports: [UsersModule],
  controllers: [InvitesController],
  providers: [InvitesRepository, InvitesService, InvitesAccountData],
  exports: [InvitesService],
})
export class InvitesModule {}
