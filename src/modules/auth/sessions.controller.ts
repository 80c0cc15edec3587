import { Controller, Delete, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../http/access/access.decorators.js';
import { Fails, Gives, GivesArray } from '../../http/openapi/describe.decorators.js';
import { RemovedResponse } from '../../http/openapi/removed.dto.js';
import { Origin } from '../../http/request/origin.decorator.js';
import { idOf } from '../../http/validation/id.pipe.js';
import { SESSION_NOT_FOUND } from './auth.errors.js';
import { SessionResponse } from './dto/auth.dto.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('Authentication')
@Controller('auth/sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  /** Where the caller is signed in, the newest first. */
  @Get()
  @GivesArray(SessionResponse)
  list(@CurrentUser() user: CurrentUser) {
    return this.sessions.list(user);
  }

  /** Ends a session; its tokens stop working. */
  @Delete(':id')
  @Gives(RemovedResponse)
  @Fails(SESSION_NOT_FOUND)
  remove(
    @CurrentUser() user: CurrentUser,
    @Param('id', idOf(SESSION_NOT_FOUND)) id: string,
    @Origin() origin: Origin,
  ) {
    return this.sessions.remove(user, id, origin);
  }
}
