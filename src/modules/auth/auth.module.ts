import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { InvitesModule } from '../invites/invites.module.js';
import { UsersModule } from '../users/users.module.js';
import { AccessModule } from './access.module.js';
import { AcceptInviteController } from './accept-invite.controller.js';
import { AuthAccountData } from './auth.account-data.js';
import { AuthController } from './auth.controller.js';
import { EmailChangesController } from './email-changes.controller.js';
import { EmailChangesService } from './email-changes.service.js';
import { InvitationAcceptances } from './invitation-acceptances.js';
import { PasswordRules } from './password-rules.js';
import { PasswordsService } from './passwords.service.js';
import { RecentSignIn } from './recent-sign-in.js';
import { RegistrationService } from './registration.service.js';
import { SecondFactorController } from './second-factor.controller.js';
import { SecondFactorService } from './second-factor.service.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';
import { WellKnownController } from './well-known.controller.js';

@Module({
  imports: [AccessModule, AuditModule, UsersModule, InvitesModule],
  controllers: [
    AuthController,
    EmailChangesController,
    AcceptInviteController,
    SessionsController,
    SecondFactorController,
    WellKnownController,
  ],
  providers: [
    PasswordRules,
    RegistrationService,
    SignInService,
    SessionsService,
    PasswordsService,
    SecondFactorService,
    RecentSignIn,
    InvitationAcceptances,
    EmailChangesService,
    AuthAccountData,
  ],
})
export class AuthModule {}
