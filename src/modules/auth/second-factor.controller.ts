import { Body, Controller, Delete, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../http/access/access.decorators.js';
import { WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Fails, Gives } from '../../http/openapi/describe.decorators.js';
import { RateLimit } from '../../http/rate-limit/rate-limit.guard.js';
import { Origin } from '../../http/request/origin.decorator.js';
import {
  AUTH_ACCESS_TOKEN_REQUIRED,
  AUTH_CODE_INVALID,
  AUTH_PASSWORD_RESET_REQUIRED,
  AUTH_VALUE_REFUSED,
  MFA_ENABLED,
} from './auth.errors.js';
import { SecondFactorCodeDto, SecondFactorResponse, TotpSecretResponse } from './dto/second-factor.dto.js';
import { SecondFactorService } from './second-factor.service.js';

@ApiTags('Authentication')
@Controller('auth/mfa/totp')
export class SecondFactorController {
  constructor(private readonly factors: SecondFactorService) {}

  /** Proposes a secret for an authenticator app. It counts once a code of it was verified. */
  @Post()
  @HttpCode(200)
  @RateLimit('auth')
  @Gives(TotpSecretResponse)
  @Fails(MFA_ENABLED, AUTH_ACCESS_TOKEN_REQUIRED)
  @Fails(AUTH_VALUE_REFUSED, AUTH_PASSWORD_RESET_REQUIRED)
  enrolTotp(@CurrentUser() user: CurrentUser) {
    return this.factors.enrol(user);
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
