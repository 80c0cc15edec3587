import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../http/access/access.decorators.js';
import { WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { IgnoresIdempotencyKey } from '../../http/idempotency/idempotent.decorator.js';
import { Fails, Gives } from '../../http/openapi/describe.decorators.js';
import { RateLimit } from '../../http/rate-limit/rate-limit.guard.js';
import { Origin } from '../../http/request/origin.decorator.js';
import {
  AUTH_ACCESS_TOKEN_REQUIRED,
  AUTH_CODE_INVALID,
  AUTH_INVALID_CREDENTIALS,
  AUTH_PASSWORD_RESET_REQUIRED,
  AUTH_RECENT_SIGN_IN_REQUIRED,
  AUTH_VALUE_REFUSED,
  MFA_BACKUP_CODES_UNSUPPORTED,
  MFA_ENABLED,
} from './auth.errors.js';
import {
  EnrolTotpDto,
  SecondFactorCodeDto,
  SecondFactorResponse,
  SecondFactorStatusResponse,
  TotpSecretResponse,
} from './dto/second-factor.dto.js';
import { SecondFactorService } from './second-factor.service.js';

@ApiTags('Authentication')
@Controller('auth/mfa/totp')
@IgnoresIdempotencyKey()
export class SecondFactorController {
  constructor(private readonly factors: SecondFactorService) {}

  /** Whether there is a second factor, and how many backup codes are left. */
  @Get()
  @Gives(SecondFactorStatusResponse)
  getTotpStatus(@CurrentUser() user: CurrentUser) {
    return this.factors.status(user);
  }

  /** Proposes a secret for an authenticator app. It counts once a code of it was verified. */
  @Post()
  @HttpCode(200)
  @RateLimit('auth')
  @Gives(TotpSecretResponse)
  @Fails(MFA_ENABLED, AUTH_ACCESS_TOKEN_REQUIRED, AUTH_RECENT_SIGN_IN_REQUIRED, AUTH_INVALID_CREDENTIALS)
  @Fails(AUTH_VALUE_REFUSED, AUTH_PASSWORD_RESET_REQUIRED)
  enrolTotp(@CurrentUser() user: CurrentUser, @Body() body: EnrolTotpDto, @Origin() origin: Origin) {
    return this.factors.enrol(user, body, origin);
  }

  /** Turns the second factor on, and gives the backup codes. */
  @Post('verify')
  @HttpCode(200)
  @RateLimit('auth')
  @Gives(SecondFactorResponse)
  @Fails(AUTH_CODE_INVALID, AUTH_ACCESS_TOKEN_REQUIRED, WRITE_CONFLICT)
  @Fails(AUTH_VALUE_REFUSED, AUTH_PASSWORD_RESET_REQUIRED)
  verifyTotp(
    @CurrentUser() user: CurrentUser,
    @Body() { code }: SecondFactorCodeDto,
    @Origin() origin: Origin,
  ) {
    return this.factors.enable(user, code, origin);
  }

  /** Replaces all backup codes by new ones. */
  @Post('backup-codes')
  @HttpCode(200)
  @RateLimit('auth')
  @Gives(SecondFactorResponse)
  @Fails(AUTH_CODE_INVALID, MFA_BACKUP_CODES_UNSUPPORTED, WRITE_CONFLICT)
  regenerateBackupCodes(
    @CurrentUser() user: CurrentUser,
    @Body() { code }: SecondFactorCodeDto,
    @Origin() origin: Origin,
  ) {
    return this.factors.regenerateBackupCodes(user, code, origin);
  }

  /** Turns the second factor off. */
  @Delete()
  @RateLimit('auth')
  @Gives(SecondFactorResponse)
  @Fails(AUTH_CODE_INVALID, AUTH_ACCESS_TOKEN_REQUIRED, WRITE_CONFLICT)
  @Fails(AUTH_VALUE_REFUSED, AUTH_PASSWORD_RESET_REQUIRED)
  removeTotp(
    @CurrentUser() user: CurrentUser,
    @Body() { code }: SecondFactorCodeDto,
    @Origin() origin: Origin,
  ) {
    return this.factors.disable(user, code, origin);
  }
}
