import { Body, Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser, Roles } from '../../http/access/access.decorators.js';
import { IfMatch, IfMatchAny, SeenVersions } from '../../http/envelope/etag.js';
import { PRECONDITION_FAILED, WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Fails, Gives, GivesIds, GivesPage } from '../../http/openapi/describe.decorators.js';
import { PageQuery, type Paged } from '../../http/paging/page-query.dto.js';
import { Update } from '../../http/request/update.decorator.js';
import {
  CONTEXT_LIMIT,
  CONTEXT_NOT_FOUND,
  CONTEXT_RESERVED,
  CONTEXT_TOO_LARGE,
  CONTEXT_TYPE_INVALID,
} from './context.errors.js';
import { contextTypeOr } from './context-type.pipe.js';
import { ContextsService } from './contexts.service.js';
import { ContextResponse, PutContextDto, RemovedContextResponse } from './dto/context.dto.js';

const ContextType = (error = CONTEXT_NOT_FOUND) => Param('contextType', contextTypeOr(error));

@ApiTags('Context')
@Controller('context')
export class ContextsController {
  constructor(private readonly contexts: ContextsService) {}

  /** What is kept of the caller, by type; what has ended is not in it. */
  @Get()
  @GivesPage(ContextResponse)
  listContexts(@CurrentUser() user: CurrentUser, @Query() query: PageQuery) {
    return this.contexts.list(user.id, query as PageQuery & Paged);
  }

  /** What is kept under one type. */
  @Get(':contextType')
  @Gives(ContextResponse)
  @Fails(CONTEXT_NOT_FOUND)
  getContext(@CurrentUser() user: CurrentUser, @ContextType() contextType: string) {
    return this.contexts.get(user.id, contextType);
  }

  /** Keeps data under a type, in the place of what was there. */
  @Update(':contextType')
  @Gives(ContextResponse)
  @Fails(CONTEXT_TYPE_INVALID, CONTEXT_LIMIT, CONTEXT_RESERVED, CONTEXT_TOO_LARGE)
  @Fails(PRECONDITION_FAILED, WRITE_CONFLICT)
  putContext(
    @CurrentUser() user: CurrentUser,
    @ContextType(CONTEXT_TYPE_INVALID) contextType: string,
    @Body() body: PutContextDto,
    @SeenVersions() versions: readonly number[] | undefined,
    @IfMatchAny() mustBeThere: boolean,
  ) {
    return this.contexts.put(user.id, contextType, body, versions, mustBeThere);
  }

  /** Removes what is kept under a type. */
  @Delete(':contextType')
  @Gives(RemovedContextResponse)
  @Fails(CONTEXT_NOT_FOUND, CONTEXT_RESERVED, PRECONDITION_FAILED)
  removeContext(
    @CurrentUser() user: CurrentUser,
    @ContextType() contextType: string,
    @IfMatch() versions: readonly number[] | undefined,
  ) {
    return this.contexts.remove(user.id, contextType, versions);
  }

  /** The users of whom something is kept under a type; not what. */
  @Get('types/:contextType/users')
  @Roles('admin')
  @GivesIds()
  @Fails(CONTEXT_NOT_FOUND)
  listUsersWithContext(@ContextType() contextType: string, @Query() query: PageQuery) {
    return this.contexts.listUsersWith(contextType, query as PageQuery & Paged);
  }
}
