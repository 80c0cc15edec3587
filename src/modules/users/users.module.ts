import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AccessRevocations } from './access-revocations.js';
import { AccountStates } from './account-states.js';
import { AccountsService } from './accounts.service.js';
import { AdmissionsService } from './admissions.service.js';
import { SecurityNotices } from './security-notices.js';
import { TimezoneChanges } from './timezone-changes.js';
import { UserBeginnings } from './user-beginnings.js';
import { UserAdministrationController } from './user-administration.controller.js';
import { UserAdministrationService } from './user-administration.service.js';
import { UsersAccountData } from './users.account-data.js';
import { UsersController } from './users.controller.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [AuditModule],
  controllers: [UsersController, UserAdministrationController],
  providers: [
    UsersRepository,
    UsersService,
    UserAdministrationService,
    AdmissionsService,
    AccountsService,
    AccountStates,
    UsersAccountData,
    TimezoneChanges,
    UserBeginnings,
    AccessRevocations,
    SecurityNotices,
  ],
  exports: [
    UserAdministrationService,
    SecurityNotices,
    AccessRevocations,
    TimezoneChanges,
    UserBeginnings,
    UsersService,
    AdmissionsService,
    AccountsService,
    AccountStates,
  ],
})
export class UsersModule {}
