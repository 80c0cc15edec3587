import { Injectable } from '@nestjs/common';
import { failWith } from '../../http/errors/api-error.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { type SeenVersions, StaleVersion } from '../../platform/dynamodb/faults.js';
import type { Item, Page, PageRequest } from '../../platform/dynamodb/item.js';
import { counting, type ItemLimit, LimitedItems } from '../../platform/dynamodb/limited-items.js';
import { SingleItems } from '../../platform/dynamodb/single-items.js';
import { Table } from '../../platform/dynamodb/table.js';
import { CONTEXT_LIMIT, CONTEXT_NOT_FOUND } from './context.errors.js';
import {
  type ContextData,
  type ContextEntry,
  contextKey,
  contextsOf,
  countKey,
  entryFrom,
  placeAmongUsers,
  PREFERENCES,
  TYPES_PER_USER,
  usersWith,
} from './context-entry.js';

/** @property expiresAt seconds since the epoch */
export interface NextContext {
  readonly data: ContextData;
  readonly expiresAt: number | null;
}

@Injectable()
export class ContextsRepository {
  constructor(
    private readonly table: Table,
    private readonly items: SingleItems,
    private readonly limited: LimitedItems,
  ) {}

  async find(userId: string, contextType: string): Promise<ContextEntry | undefined> {
    const item = await this.table.get(contextKey(userId, contextType));
    return item && entryFrom(item);
  }

  /** By type. */
  async page(userId: string, page: Paged | PageRequest): Promise<Page<ContextEntry>> {
    const listing = { ranges: [contextsOf(userId)], order: 'ascending' as const };
    return (await this.table.page(listing, page)).map(entryFrom);
  }

  /** Makes it, or puts in its place what follows from what stands. @throws {StaleVersion} @throws {ApiError} CONTEXT_LIMIT */
  async save(
    userId: string,
    contextType: string,
    next: (standing: Item | undefined) => Promise<NextContext>,
    versions: SeenVersions,
  ): Promise<ContextEntry> {
    const change = async (standing: Item | undefined) => {
      const { data, expiresAt } = await next(standing);
      return {
        data: JSON.stringify(data),
        ExpiresAt: expiresAt,
        ...placeAmongUsers(userId, contextType),
      };
    };
    const create = async (put: Item) => {
      await this.limited.commit([{ put, orElse: () => new StaleVersion() }, counting(this.limitOf(userId))]);
      return put;
    };
    const key = contextKey(userId, contextType);
    return entryFrom(await this.items.change(key, 'CONTEXT', change, versions, create));
  }

  remove(userId: string, contextType: string, versions: SeenVersions): Promise<void> {
    return this.table.remove(contextKey(userId, contextType), failWith(CONTEXT_NOT_FOUND), { versions });
  }

  /** By id; as of a moment ago, since it is read through an index. */
  async listUsersWith(contextType: string, page: Paged): Promise<Page<string>> {
    const listing = { ranges: [usersWith(contextType)], order: 'ascending' as const, only: ['ExpiresAt'] };
    const userIdOf = ({ PK }: Item) => PK.slice('USER#'.length);
    return (await this.table.page(listing, page)).map(userIdOf);
  }

  /** All but the preferences, which go with the profile. */
  async erase(userId: string): Promise<number> {
    const items = await this.table.all({
      ranges: [contextsOf(userId)],
      order: 'ascending',
      only: ['EntityType'],
      withExpired: true,
      consistent: true,
    });
    const own = items.filter(({ SK }) => SK !== contextKey(userId, PREFERENCES).SK);
    for (const item of own) await this.table.discard(item);
    await this.table.discard(countKey(userId));
    return own.length;
  }

  private limitOf(userId: string): ItemLimit {
    return {
      key: countKey(userId),
      most: TYPES_PER_USER,
      count: () => this.count(userId),
      error: failWith(CONTEXT_LIMIT),
    };
  }

  /** What has ended, and the preferences, are no types. */
  private async count(userId: string): Promise<number> {
    const listing = { ranges: [contextsOf(userId)], order: 'ascending' as const, consistent: true };
    const items = await this.table.all({ ...listing, only: ['ExpiresAt'] });
    return items.filter(({ SK }) => SK !== contextKey(userId, PREFERENCES).SK).length;
  }
}
