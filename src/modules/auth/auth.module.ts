import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { UsersModule } from '../users/users.module.js';
import { AuthController } from './auth.controller.js';
import { JwtStrategy } from './jwt.strategy.js';
import { KeySet } from './key-set.js';
import { PasswordResetService } from './password-reset.service.js';
import { PasswordRules } from './password-rules.js';
import { RegistrationService } from './registration.service.js';
import { SignInService } from './sign-in.service.js';
import { WellKnownController } from './well-known.controller.js';

@Module({
  imports: [PassportModule, UsersModule],
  controllers: [AuthController, WellKnownController],
  providers: [JwtStrategy, KeySet, PasswordRules, RegistrationService, SignInService, PasswordResetService],
})
export class AuthModule {}
