import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import type { SeenVersions } from '../../platform/dynamodb/faults.js';
import type { Page } from '../../platform/dynamodb/item.js';
import { IdSource } from '../../platform/ids.js';
import type { CreateMemoryDto, UpdateMemoryDto } from './dto/memory.dto.js';
import { MEMORY_NOT_FOUND } from './memories.errors.js';
import { MemoriesRepository } from './memories.repository.js';
import type { Memory, MemorySource } from './memory.js';

@Injectable()
export class MemoriesService {
  constructor(
    private readonly memories: MemoriesRepository,
    private readonly ids: IdSource,
  ) {}

  create(
    userId: string,
    { content, tags = [] }: CreateMemoryDto,
    source: MemorySource = 'user',
  ): Promise<Memory> {
    return this.memories.create(userId, this.ids.next(), { content, tags: [...new Set(tags)], source });
  }

  list(userId: string, page: Paged): Promise<Page<Memory>> {
    return this.memories.page(userId, page);
  }

  /** All, newest first. */
  all(userId: string): Promise<Memory[]> {
    return this.memories.all(userId);
  }

  async get(userId: string, id: string): Promise<Memory> {
    const memory = await this.memories.find(userId, id);
    if (!memory) throw new ApiError(MEMORY_NOT_FOUND);
    return memory;
  }

  update(
    userId: string,
    id: string,
    { content, tags }: UpdateMemoryDto,
    versions: SeenVersions,
  ): Promise<Memory> {
    return this.memories.update(userId, id, { content, tags: tags && [...new Set(tags)] }, versions);
  }

  async remove(userId: string, id: string, versions: SeenVersions): Promise<{ id: string; deleted: true }> {
    await this.memories.remove(userId, id, versions);
    return { id, deleted: true };
  }
}
