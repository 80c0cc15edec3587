import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../http/access/access.decorators.js';
import { IfMatch, SeenVersions } from '../../http/envelope/etag.js';
import { CreatedAt } from '../../http/envelope/response.decorators.js';
import { PRECONDITION_FAILED, WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Idempotent } from '../../http/idempotency/idempotent.decorator.js';
import { Fails, Gives, GivesPage, Takes } from '../../http/openapi/describe.decorators.js';
import { RemovedResponse } from '../../http/openapi/removed.dto.js';
import { PageQuery, type Paged } from '../../http/paging/page-query.dto.js';
import { idOf } from '../../http/validation/id.pipe.js';
import { Update } from '../../http/request/update.decorator.js';
import { CreateMemoryDto, MemoryResponse, UpdateMemoryDto } from './dto/memory.dto.js';
import { MEMORY_LIMIT, MEMORY_NOT_FOUND } from './memories.errors.js';
import { MemoriesService } from './memories.service.js';

const MemoryId = () => Param('id', idOf(MEMORY_NOT_FOUND));

@ApiTags('Context')
@Controller('memories')
export class MemoriesController {
  constructor(private readonly memories: MemoriesService) {}

  /** Has something remembered. */
  @Post()
  @Idempotent()
  @CreatedAt('/v1/memories/:id')
  @Takes({ content: 'I play with .009 strings.', tags: ['strings'] })
  @Gives(MemoryResponse, 201)
  @Fails(MEMORY_LIMIT, WRITE_CONFLICT)
  createMemory(@CurrentUser() user: CurrentUser, @Body() body: CreateMemoryDto) {
    return this.memories.create(user.id, body);
  }

  /** What is remembered of the caller, newest first. */
  @Get()
  @GivesPage(MemoryResponse)
  listMemories(@CurrentUser() user: CurrentUser, @Query() query: PageQuery) {
    return this.memories.list(user.id, query as PageQuery & Paged);
  }

  /** One memory. */
  @Get(':id')
  @Gives(MemoryResponse)
  @Fails(MEMORY_NOT_FOUND)
  getMemory(@CurrentUser() user: CurrentUser, @MemoryId() id: string) {
    return this.memories.get(user.id, id);
  }

  /** Changes the given fields. */
  @Update(':id', 'patch')
  @Gives(MemoryResponse)
  @Fails(MEMORY_NOT_FOUND, PRECONDITION_FAILED)
  updateMemory(
    @CurrentUser() user: CurrentUser,
    @MemoryId() id: string,
    @Body() body: UpdateMemoryDto,
    @SeenVersions() versions: readonly number[] | undefined,
  ) {
    return this.memories.update(user.id, id, body, versions);
  }

  /** Has something forgotten. */
  @Delete(':id')
  @Gives(RemovedResponse)
  @Fails(MEMORY_NOT_FOUND, PRECONDITION_FAILED)
  removeMemory(
    @CurrentUser() user: CurrentUser,
    @MemoryId() id: string,
    @IfMatch() versions: readonly number[] | undefined,
  ) {
    return this.memories.remove(user.id, id, versions);
  }
}
