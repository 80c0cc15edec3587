import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { AuditModule } from '../audit/audit.module.js';
import { InvitesModule } from '../invites/invites.module.js';
import { UsersModule } from '../users/users.module.js';
import { AcceptInviteController } from './accept-invite.controller.js';
import { AuthAccountData } from './auth.account-data.js';
import { AuthController } from './auth.controller.js';
import { EmailChangesController } from './email-changes.controller.js';
import { EmailChangesService } from './email-changes.service.js';
import { InvitationAcceptances } from './invitation-acceptances.js';
import { JwtStrategy } from './jwt.strategy.js';
import { KeySet } from './key-set.js';
import { PasswordRules } from './password-rules.js';
import { PasswordsService } from './passwords.service.js';
import { RecentSignIn } from './recent-sign-in.js';
import { RegistrationService } from './registration.service.js';
import { SecondFactorController } from './second-factor.controller.js';
import { SecondFactorService } from './second-factor.service.js';
import { SeenSessions } from './seen-sessions.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';
import { VerificationKeys } from './verification-keys.js';
import { VerifiedTokens } from './verified-tokens.js';
import { WellKnownController } from './well-known.controller.js';

@Module({
  imports: [PassportModule, AuditModule, UsersModule, InvitesModule],
  controllers: [
    AuthController,
    EmailChangesController,
    AcceptInviteController,
    SessionsController,
    SecondFactorController,
    WellKnownController,
  ],
  providers: [
    JwtStrategy,
    KeySet,
    VerificationKeys,
    VerifiedTokens,
    PasswordRules,
    RegistrationService,
    SignInService,
    SessionsService,
    PasswordsService,
    SecondFactorService,
    SeenSessions,
    RecentSignIn,
    InvitationAcceptances,
    EmailChangesService,
    AuthAccountData,
  ],
})
export class AuthModule {}
