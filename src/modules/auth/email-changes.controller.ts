import { Body, Controller, HttpCode, Post, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser, Public } from '../../http/access/access.decorators.js';
import { IgnoresIdempotencyKey } from '../../http/idempotency/idempotent.decorator.js';
import { AUTH_NOT_ADMITTED, WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Fails, Gives } from '../../http/openapi/describe.decorators.js';
import { RateLimit } from '../../http/rate-limit/rate-limit.guard.js';
import { Origin } from '../../http/request/origin.decorator.js';
import {
  AUTH_ACCESS_TOKEN_REQUIRED,
  AUTH_CODE_INVALID,
  AUTH_INVALID_CREDENTIALS,
  AUTH_LINK_INVALID,
  AUTH_PASSWORD_RESET_REQUIRED,
  AUTH_RECENT_SIGN_IN_REQUIRED,
  AUTH_USER_EXISTS,
  AUTH_VALUE_REFUSED,
} from './auth.errors.js';
import { CodeSentResponse } from './dto/auth.dto.js';
import {
  ChangeEmailDto,
  ConfirmEmailDto,
  EmailChangedResponse,
  UndoEmailDto,
} from './dto/change-email.dto.js';
import { SteadyTime } from './steady-time.interceptor.js';
import { EmailChangesService } from './email-changes.service.js';

@ApiTags('Authentication')
@Controller('auth/change-email')
@IgnoresIdempotencyKey()
export class EmailChangesController {
  constructor(private readonly changes: EmailChangesService) {}

  /** Mails a code to the new address. The old one stays until the code is given. */
  @Post()
  @HttpCode(202)
  @RateLimit('auth')
  @UseInterceptors(SteadyTime)
  @Gives(CodeSentResponse, 202)
  @Fails(AUTH_USER_EXISTS, AUTH_RECENT_SIGN_IN_REQUIRED, AUTH_INVALID_CREDENTIALS)
  @Fails(AUTH_ACCESS_TOKEN_REQUIRED, AUTH_VALUE_REFUSED, AUTH_PASSWORD_RESET_REQUIRED)
  changeEmail(@CurrentUser() user: CurrentUser, @Body() body: ChangeEmailDto, @Origin() origin: Origin) {
    return this.changes.start(user, body, origin);
  }

  /** Changes the address, by the code from the mail to the new one. The old address gets a mail and can undo the change for 7 days. */
  @Post('confirm')
  @HttpCode(200)
  @RateLimit('auth')
  @Gives(EmailChangedResponse)
  @Fails(AUTH_CODE_INVALID, AUTH_USER_EXISTS, AUTH_ACCESS_TOKEN_REQUIRED)
  @Fails(AUTH_VALUE_REFUSED, AUTH_PASSWORD_RESET_REQUIRED)
  confirmEmail(@CurrentUser() user: CurrentUser, @Body() body: ConfirmEmailDto, @Origin() origin: Origin) {
    return this.changes.confirm(user, body, origin);
  }

  /** Gives an account its old address back, by the link in the mail to it, and ends every session. */
  @Post('undo')
  @HttpCode(200)
  @Public()
  @RateLimit('auth')
  @Gives(EmailChangedResponse)
  @Fails(AUTH_LINK_INVALID, AUTH_NOT_ADMITTED, WRITE_CONFLICT)
  undoEmailChange(@Body() { token }: UndoEmailDto, @Origin() origin: Origin) {
    return this.changes.undo(token, origin);
  }
}
