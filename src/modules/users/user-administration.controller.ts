import { Body, Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser, Roles } from '../../http/access/access.decorators.js';
import { SeenVersions } from '../../http/envelope/etag.js';
import { PRECONDITION_FAILED, WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Fails, Gives, GivesPage, Takes } from '../../http/openapi/describe.decorators.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { idOf } from '../../http/validation/id.pipe.js';
import { Origin } from '../../http/request/origin.decorator.js';
import { Update } from '../../http/request/update.decorator.js';
import {
  AdministerUserDto,
  RevokedResponse,
  SecondFactorRemovedResponse,
  UserDetailsResponse,
  UserQuery,
  UserResponse,
} from './dto/user.dto.js';
import { UserAdministrationService } from './user-administration.service.js';
import { LAST_OWNER, USER_NOT_FOUND } from './users.errors.js';

@ApiTags('Users')
@Controller('users')
@Roles('admin')
export class UserAdministrationController {
  constructor(private readonly users: UserAdministrationService) {}

  /** All users, newest first. */
  @Get()
  @GivesPage(UserResponse)
  listUsers(@Query() query: UserQuery) {
    return this.users.list(query as UserQuery & Paged);
  }

  /** One user. */
  @Get(':id')
  @Gives(UserDetailsResponse)
  @Fails(USER_NOT_FOUND)
  getUser(@Param('id', idOf(USER_NOT_FOUND)) id: string) {
    return this.users.get(id);
  }

  /** Changes role or status; both are felt everywhere within a minute. */
  @Update(':id', 'patch')
  @Takes({ role: 'admin' })
  @Gives(UserResponse)
  @Fails(USER_NOT_FOUND, LAST_OWNER, PRECONDITION_FAILED, WRITE_CONFLICT)
  updateUser(
    @CurrentUser() actor: CurrentUser,
    @Param('id', idOf(USER_NOT_FOUND)) id: string,
    @Body() change: AdministerUserDto,
    @SeenVersions() versions: readonly number[] | undefined,
  ) {
    return this.users.update(actor, id, change, versions);
  }

  /** Ends all sessions of a user, and revokes what lets in without a sign-in, such as the address of a calendar. */
  @Delete(':id/sessions')
  @Gives(RevokedResponse)
  @Fails(USER_NOT_FOUND, WRITE_CONFLICT)
  endSessionsOfUser(
    @CurrentUser() actor: CurrentUser,
    @Param('id', idOf(USER_NOT_FOUND)) id: string,
    @Origin() origin: Origin,
  ) {
    return this.users.endSessions(actor, id, origin);
  }

  /** Removes the second factor of a user of a lower role, who has lost it, and ends all their sessions. */
  @Delete(':id/mfa/totp')
  @Gives(SecondFactorRemovedResponse)
  @Fails(USER_NOT_FOUND)
  removeTotpOfUser(
    @CurrentUser() actor: CurrentUser,
    @Param('id', idOf(USER_NOT_FOUND)) id: string,
    @Origin() origin: Origin,
  ) {
    return this.users.removeSecondFactor(actor, id, origin);
  }
}
