import { Body, Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser, Public, Roles } from '../../http/access/access.decorators.js';
import { WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Fails, Gives, GivesPage } from '../../http/openapi/describe.decorators.js';
import { CursorQuery } from '../../http/paging/page-query.dto.js';
import { RateLimit } from '../../http/rate-limit/rate-limit.guard.js';
import { Origin } from '../../http/request/origin.decorator.js';
import { idOf } from '../../http/validation/id.pipe.js';
import { LAST_OWNER, USER_NOT_FOUND } from '../users/users.errors.js';
import { AUTH_INVALID_CREDENTIALS } from '../auth/auth.errors.js';
import { EraseDto, ErasureResponse, ExportedEntities } from './dto/privacy.dto.js';
import { ErasureService } from './erasure.service.js';
import { ExportService } from './export.service.js';
import { ERASURE_NOT_FOUND } from './privacy.errors.js';

/** The right to have one's data, and the right to leave (GDPR, articles 20 and 17). */
@ApiTags('Users')
@Controller()
export class PrivacyController {
  constructor(
    private readonly exports: ExportService,
    private readonly erasures: ErasureService,
  ) {}

  /** Everything that is stored of the caller, by entity. */
  @Get('user/export')
  @GivesPage(ExportedEntities)
  exportUser(@CurrentUser() user: CurrentUser, @Query() query: CursorQuery) {
    return this.exports.page(user.id, query.after);
  }

  /** Closes the account at once, and erases all that is the caller's. */
  @Delete('user')
  @HttpCode(202)
  @RateLimit('auth')
  @Gives(ErasureResponse, 202)
  @Fails(AUTH_INVALID_CREDENTIALS, LAST_OWNER, USER_NOT_FOUND, WRITE_CONFLICT)
  eraseUser(@CurrentUser() user: CurrentUser, @Body() body: EraseDto, @Origin() origin: Origin) {
    return this.erasures.begin(user, body, origin);
  }

  /** Closes the account of a user of no higher role at once, and erases all that is theirs. */
  @Delete('users/:id')
  @HttpCode(202)
  @Roles('admin')
  @RateLimit('auth')
  @Gives(ErasureResponse, 202)
  @Fails(LAST_OWNER, USER_NOT_FOUND, WRITE_CONFLICT)
  eraseOtherUser(@CurrentUser() actor: CurrentUser, @Param('id', idOf(USER_NOT_FOUND)) id: string) {
    return this.erasures.beginFor(actor, id);
  }

  /** How far an erasure is. Whoever has the receipt may ask. */
  @Get('erasures/:id')
  @Public()
  @RateLimit('auth')
  @Gives(ErasureResponse)
  @Fails(ERASURE_NOT_FOUND)
  getErasure(@Param('id', idOf(ERASURE_NOT_FOUND)) id: string) {
    return this.erasures.receipt(id);
  }
}
