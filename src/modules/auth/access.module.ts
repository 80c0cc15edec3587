import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { AuditModule } from '../audit/audit.module.js';
import { UsersModule } from '../users/users.module.js';
import { EmailChangeNotices } from './email-change-notices.js';
import { JwtStrategy } from './jwt.strategy.js';
import { KeySet } from './key-set.js';
import { SeenSessions } from './seen-sessions.js';
import { VerificationKeys } from './verification-keys.js';
import { VerifiedTokens } from './verified-tokens.js';

/** What checks access tokens. The guard loads it with the first one. */
@Module({
  imports: [PassportModule, AuditModule, UsersModule],
  providers: [JwtStrategy, KeySet, VerificationKeys, VerifiedTokens, SeenSessions, EmailChangeNotices],
  exports: [KeySet, EmailChangeNotices],
})
export class AccessModule {}
