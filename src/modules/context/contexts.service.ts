import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import { PRECONDITION_FAILED, VALIDATION_ERROR } from '../../http/errors/common.errors.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { Clock } from '../../platform/clock.js';
import type { SeenVersions } from '../../platform/dynamodb/faults.js';
import type { Item, Page } from '../../platform/dynamodb/item.js';
import { CONTEXT_NOT_FOUND, CONTEXT_RESERVED, CONTEXT_TOO_LARGE } from './context.errors.js';
import { type ContextData, type ContextEntry, DATA_BYTES, entryFrom, PREFERENCES } from './context-entry.js';
import { ContextsRepository, type NextContext } from './contexts.repository.js';
import { LONGEST_TTL_SECONDS, type PutContextDto } from './dto/context.dto.js';

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

  /** @param mustBeThere whether it is to be changed, and not made @throws {ApiError} PRECONDITION_FAILED */
  put(
    userId: string,
    contextType: string,
    { data, ttlSeconds, expiresAt: until }: PutContextDto,
    versions: SeenVersions,
    mustBeThere: boolean,
  ): Promise<ContextEntry> {
    // Rounded up: it lasts at least as long as was asked for.
    const now = Math.ceil(this.clock.now().getTime() / 1000);
    const expiresAt = typeof ttlSeconds === 'number' ? now + ttlSeconds : secondsOf(until, now);
    const next = (standing: Item | undefined) => {
      if (mustBeThere && !standing) throw new ApiError(PRECONDITION_FAILED);
      return { data, expiresAt };
    };
    return this.save(userId, contextType, next, versions);
  }

  /** Nothing is lost by it: keys that are not named stay, none is removed, and it ends when it did. @throws {ApiError} VALIDATION_ERROR */
  add(userId: string, contextType: string, data: ContextData): Promise<ContextEntry> {
    const empty = Object.keys(data).filter((name) => data[name] === null);
    const details = empty.map((name) => ({
      field: `data.${name}`,
      code: 'isDefined',
      message: 'null is no value: nothing is removed here',
    }));
    if (details.length > 0) throw new ApiError(VALIDATION_ERROR, { details });
    const next = (standing: Item | undefined) => ({
      data: { ...(standing && entryFrom(standing).data), ...data },
      expiresAt: standing?.ExpiresAt ?? null,
    });
    return this.save(userId, contextType, next, undefined);
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

  /** Within its limits. @param next from what stands makes what comes next */
  private async save(
    userId: string,
    contextType: string,
    next: (standing: Item | undefined) => NextContext,
    versions: SeenVersions,
  ): Promise<ContextEntry> {
    assertWritable(contextType);
    const fitting = async (standing: Item | undefined) => {
      const { data, expiresAt } = next(standing);
      if (Buffer.byteLength(JSON.stringify(data)) > DATA_BYTES) throw new ApiError(CONTEXT_TOO_LARGE);
      return { data, expiresAt };
    };
    return this.contexts.save(userId, contextType, fitting, versions);
  }
}

/** @throws {ApiError} VALIDATION_ERROR for an instant that has passed, or is more than ten years away */
function secondsOf(instant: string | null | undefined, now: number): number | null {
  if (instant === undefined || instant === null) return null;
  const seconds = Math.ceil(Date.parse(instant) / 1000);
  if (seconds > now && seconds <= now + LONGEST_TTL_SECONDS) return seconds;
  const message = 'expiresAt must be in the future, and within ten years';
  throw new ApiError(VALIDATION_ERROR, { details: [{ field: 'expiresAt', code: 'isFuture', message }] });
}

function assertWritable(contextType: string): void {
  if (contextType === PREFERENCES) throw new ApiError(CONTEXT_RESERVED);
}
