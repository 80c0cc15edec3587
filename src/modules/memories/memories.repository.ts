import { Injectable } from '@nestjs/common';
import { failWith } from '../../http/errors/api-error.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { counted, type Limit } from '../../platform/dynamodb/counted-items.js';
import { type SeenVersions, StaleVersion } from '../../platform/dynamodb/faults.js';
import type { Change, Page, PageRequest } from '../../platform/dynamodb/item.js';
import { Table } from '../../platform/dynamodb/table.js';
import { MEMORY_LIMIT, MEMORY_NOT_FOUND } from './memories.errors.js';
import {
  countKey,
  MEMORIES_PER_USER,
  memoriesOf,
  type Memory,
  memoryFrom,
  memoryKey,
  type MemorySource,
} from './memory.js';

const notFound = failWith(MEMORY_NOT_FOUND);

@Injectable()
export class MemoriesRepository {
  constructor(private readonly table: Table) {}

  /** @throws {ApiError} MEMORY_LIMIT */
  async create(
    userId: string,
    id: string,
    fields: { readonly content: string; readonly tags: readonly string[]; readonly source: MemorySource },
  ): Promise<Memory> {
    const put = this.table.stamp({ ...memoryKey(userId, id), EntityType: 'MEMORY', ...fields });
    await this.table.transact([{ put, orElse: () => new StaleVersion() }, counted(limitOf(userId), 1)]);
    return memoryFrom(put);
  }

  async find(userId: string, id: string): Promise<Memory | undefined> {
    const item = await this.table.get(memoryKey(userId, id));
    return item && memoryFrom(item);
  }

  /** Newest first. */
  async page(userId: string, page: Paged | PageRequest): Promise<Page<Memory>> {
    const listing = { ranges: [memoriesOf(userId)], order: 'descending' as const };
    return (await this.table.page(listing, page)).map(memoryFrom);
  }

  /** All, newest first. */
  async all(userId: string): Promise<Memory[]> {
    return (await this.table.all({ ranges: [memoriesOf(userId)], order: 'descending' })).map(memoryFrom);
  }

  async update(userId: string, id: string, change: Change, versions: SeenVersions): Promise<Memory> {
    return memoryFrom(await this.table.update(memoryKey(userId, id), change, notFound, { versions }));
  }

  /** @throws {ApiError} MEMORY_NOT_FOUND @throws {StaleVersion} */
  async remove(userId: string, id: string, versions: SeenVersions): Promise<void> {
    const gone = { remove: memoryKey(userId, id), versions, orElse: notFound };
    await this.table.transact([gone, counted(limitOf(userId), -1)]);
  }

  async erase(userId: string): Promise<number> {
    await this.table.discard(countKey(userId));
    return this.table.discardAll(memoriesOf(userId));
  }
}

const limitOf = (userId: string): Limit => ({
  key: countKey(userId),
  EntityType: 'MEMORY_COUNT',
  most: MEMORIES_PER_USER,
  orElse: failWith(MEMORY_LIMIT),
});
