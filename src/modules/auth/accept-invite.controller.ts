import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Unadmitted, type UnadmittedUser } from '../../http/access/access.decorators.js';
import { AUTH_NOT_ADMITTED, WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Fails, Gives } from '../../http/openapi/describe.decorators.js';
import { RateLimit } from '../../http/rate-limit/rate-limit.guard.js';
import { USER_EXISTS } from '../users/users.errors.js';
import { AUTH_INVITE_INVALID } from './auth.errors.js';
import { AcceptInviteDto, InvitationAcceptedResponse } from './dto/auth.dto.js';
import { InvitationAcceptances } from './invitation-acceptances.js';

@ApiTags('Invites')
@Controller('invites')
export class AcceptInviteController {
  constructor(private readonly acceptances: InvitationAcceptances) {}

  /** Lets in a user of the user pool who is not a user here yet. */
  @Post('accept')
  @HttpCode(200)
  @Unadmitted()
  @ApiBearerAuth('bearerAuth')
  @RateLimit('auth')
  @Gives(InvitationAcceptedResponse)
  @Fails(AUTH_INVITE_INVALID, AUTH_NOT_ADMITTED, USER_EXISTS, WRITE_CONFLICT)
  async acceptInvite(@CurrentUser() user: CurrentUser | UnadmittedUser, @Body() { code }: AcceptInviteDto) {
    const unadmitted = 'id' in user ? { sub: user.id, username: undefined } : user;
    await this.acceptances.accept(unadmitted, code);
    return { accepted: true };
  }
}
