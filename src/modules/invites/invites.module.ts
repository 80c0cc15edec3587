import { Module } from '@nestjs/common';
import { InvitesAccountData } from './invites.account-data.js';
import { InvitesController } from './invites.controller.js';
import { InvitesRepository } from './invites.repository.js';
import { InvitesService } from './invites.service.js';

@Module({
  controllers: [InvitesController],
  providers: [InvitesRepository, InvitesService, InvitesAccountData],
  exports: [InvitesService],
})
export class InvitesModule {}
