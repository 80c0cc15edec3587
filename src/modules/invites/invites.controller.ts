import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser, Public, Roles } from '../../http/access/access.decorators.js';
import { CreatedAt } from '../../http/envelope/response.decorators.js';
import { WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Fails, Gives, GivesPage } from '../../http/openapi/describe.decorators.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { RateLimit } from '../../http/rate-limit/rate-limit.guard.js';
import { idOf } from '../../http/validation/id.pipe.js';
import {
  CreateInviteDto,
  InviteQuery,
  InviteResponse,
  InviteWithCodeResponse,
  ValidatedInviteResponse,
  ValidateInviteDto,
} from './dto/invite.dto.js';
import { INVITE_EXISTS, INVITE_NOT_FOUND, INVITE_NOT_PENDING, INVITE_USER_EXISTS } from './invites.errors.js';
import { InvitesService } from './invites.service.js';

@ApiTags('Invites')
@Controller('invites')
@Roles('admin')
export class InvitesController {
  constructor(private readonly invites: InvitesService) {}

  /** Makes an invitation. Its code is shown this once. */
  @Post()
  @CreatedAt('/v1/invites/:id')
  @Gives(InviteWithCodeResponse, 201)
  @Fails(INVITE_EXISTS, INVITE_USER_EXISTS)
  create(@CurrentUser() actor: CurrentUser, @Body() body: CreateInviteDto) {
    return this.invites.create(actor, body);
  }

  /** All invitations, newest first. */
  @Get()
  @GivesPage(InviteResponse)
  list(@Query() query: InviteQuery) {
    return this.invites.list(query as InviteQuery & Paged);
  }

  /** Whether a code can be used. */
  @Post('validate')
  @HttpCode(200)
  @Public()
  @RateLimit('auth')
  @Gives(ValidatedInviteResponse)
  validateInvite(@Body() { code }: ValidateInviteDto) {
    return this.invites.validate(code);
  }

  /** One invitation. */
  @Get(':id')
  @Gives(InviteResponse)
  @Fails(INVITE_NOT_FOUND)
  get(@Param('id', idOf(INVITE_NOT_FOUND)) id: string) {
    return this.invites.get(id);
  }

  /** Makes an invitation useless. */
  @Post(':id/revoke')
  @HttpCode(200)
  @Gives(InviteResponse)
  @Fails(INVITE_NOT_FOUND, INVITE_NOT_PENDING, WRITE_CONFLICT)
  revokeInvite(@CurrentUser() actor: CurrentUser, @Param('id', idOf(INVITE_NOT_FOUND)) id: string) {
    return this.invites.revoke(actor, id);
  }

  /** Gives an invitation another code, and mails it where there is an address. */
  @Post(':id/resend')
  @HttpCode(200)
  @Gives(InviteWithCodeResponse)
  @Fails(INVITE_NOT_FOUND, INVITE_NOT_PENDING, WRITE_CONFLICT)
  resendInvite(@CurrentUser() actor: CurrentUser, @Param('id', idOf(INVITE_NOT_FOUND)) id: string) {
    return this.invites.resend(actor, id);
  }
}
