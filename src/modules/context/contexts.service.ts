import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { Clock } from '../../platform/clock.js';
import { type SeenVersions, StaleVersion, untilCurrent } from '../../platform/dynamodb/faults.js';
import type { Page } from '../../platform/dynamodb/item.js';
import { CONTEXT_LIMIT, CONTEXT_NOT_FOUND, CONTEXT_RESERVED, CONTEXT_TOO_LARGE } from './context.errors.js';
import {
  type ContextData,
  type ContextEntry,
  DATA_BYTES,
  PREFERENCES,
  TYPES_PER_USER,
} from './context-entry.js';
import { ContextsRepository } from './contexts.repository.js';
import type { PutContextDto } from './dto/context.dto.js';

@Injectable()
export class ContextsService {
  constructor(
    private readonly contexts: ContextsRepository,
    private readonly clock: Clock,
  ) {}

  list(userId: string, page: Paged): Promise<Page<ContextEntry>> {
    return this.contexts.page(userId, page);
  }

  async get(userId: string, contextType: string): Promise<ContextEntry> {
    const entry = await this.contexts.find(userId, contextType);
    if (!entry) throw new ApiError(CONTEXT_NOT_FOUND);
    return entry;
  }

  /** @param mustBeThere whether it is to be changed, and not made @throws {StaleVersion} */
  async put(
    userId: string,
    contextType: string,
    { data, ttlSeconds }: PutContextDto,
    versions: SeenVersions,
    mustBeThere: boolean,
  ): Promise<ContextEntry> {
    const known = await this.contexts.find(userId, contextType);
    if (mustBeThere && !known) throw new StaleVersion();
    return this.save(userId, contextType, known, data, this.endOf(ttlSeconds ?? undefined), versions);
  }

  /** Keys that are not named stay, and so does its end; `null` removes a key. */
  merge(userId: string, contextType: string, { data, ttlSeconds }: PutContextDto): Promise<ContextEntry> {
    return untilCurrent(async () => {
      const known = await this.contexts.find(userId, contextType);
      const merged = Object.entries({ ...known?.data, ...data }).filter(([, value]) => value !== null);
      const standing = known?.expiresAt ? Date.parse(known.expiresAt) / 1000 : null;
      const expiresAt = this.endOf(ttlSeconds ?? undefined) ?? standing;
      const versions = [known?.version ?? 0];
      return this.save(userId, contextType, known, Object.fromEntries(merged), expiresAt, versions);
    });
  }

  async remove(
    userId: string,
    contextType: string,
    versions: SeenVersions,
  ): Promise<{ contextType: string; deleted: true }> {
    assertWritable(contextType);
    await this.contexts.remove(userId, contextType, versions);
    return { contextType, deleted: true };
  }

  listUsersWith(contextType: string, page: Paged): Promise<Page<string>> {
    return this.contexts.listUsersWith(contextType, page);
  }

  private async save(
    userId: string,
    contextType: string,
    known: ContextEntry | undefined,
    data: ContextData,
    expiresAt: number | null,
    versions: SeenVersions,
  ): Promise<ContextEntry> {
    assertWritable(contextType);
    if (Buffer.byteLength(JSON.stringify(data)) > DATA_BYTES) throw new ApiError(CONTEXT_TOO_LARGE);
    if (!known && (await this.contexts.count(userId)) >= TYPES_PER_USER) throw new ApiError(CONTEXT_LIMIT);
    return this.contexts.save(userId, contextType, data, expiresAt, versions);
  }

  private endOf(ttlSeconds: number | undefined): number | null {
    return ttlSeconds === undefined ? null : Math.ceil(this.clock.now().getTime() / 1000) + ttlSeconds;
  }
}

function assertWritable(contextType: string): void {
  if (contextType === PREFERENCES) throw new ApiError(CONTEXT_RESERVED);
}
