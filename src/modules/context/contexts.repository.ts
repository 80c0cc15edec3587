import { Injectable } from '@nestjs/common';
import { failWith } from '../../http/errors/api-error.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import type { SeenVersions } from '../../platform/dynamodb/faults.js';
import type { Item, Page, PageRequest } from '../../platform/dynamodb/item.js';
import { SingleItems } from '../../platform/dynamodb/single-items.js';
import { Table } from '../../platform/dynamodb/table.js';
import { CONTEXT_NOT_FOUND } from './context.errors.js';
import {
  type ContextData,
  type ContextEntry,
  contextKey,
  contextsOf,
  entryFrom,
  placeAmongUsers,
  PREFERENCES,
  usersWith,
} from './context-entry.js';

@Injectable()
export class ContextsRepository {
  constructor(
    private readonly table: Table,
    private readonly items: SingleItems,
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

  count(userId: string): Promise<number> {
    return this.table.count(contextsOf(userId));
  }

  /** Makes it or puts other data in its place. @param expiresAt seconds since the epoch @throws {StaleVersion} */
  async save(
    userId: string,
    contextType: string,
    data: ContextData,
    expiresAt: number | null,
    versions: SeenVersions,
  ): Promise<ContextEntry> {
    const change = {
      data: JSON.stringify(data),
      ExpiresAt: expiresAt,
      ...placeAmongUsers(userId, contextType),
    };
    const key = contextKey(userId, contextType);
    return entryFrom(await this.items.save(key, 'CONTEXT', change, versions));
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
    });
    const own = items.filter(({ SK }) => SK !== contextKey(userId, PREFERENCES).SK);
    for (const item of own) await this.table.discard(item);
    return own.length;
  }
}
