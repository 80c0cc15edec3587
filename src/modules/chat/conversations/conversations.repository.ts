import { Injectable } from '@nestjs/common';
import { failWith } from '../../../http/errors/api-error.js';
import type { Paged } from '../../../http/paging/page-query.dto.js';
import { Clock } from '../../../platform/clock.js';
import { type SeenVersions, StaleVersion } from '../../../platform/dynamodb/faults.js';
import type { Change, Item, Page, PageRequest, Range } from '../../../platform/dynamodb/item.js';
import { Table, type Write } from '../../../platform/dynamodb/table.js';
import { CONVERSATION_NOT_FOUND } from '../chat.errors.js';
import type { Conversation } from './conversation.js';
import {
  activityOf,
  conversationFrom,
  conversationKey,
  conversationsByActivity,
  conversationsOf,
  isLeaving,
  leaving,
  newConversationItem,
} from './conversation.item.js';

const notFound = failWith(CONVERSATION_NOT_FOUND);
const stale = () => new StaleVersion();

/** What is being removed is there for nobody. */
const STANDING = { leaving: null };

@Injectable()
export class ConversationsRepository {
  constructor(
    private readonly table: Table,
    private readonly clock: Clock,
  ) {}

  async create(userId: string, id: string, title: string | null): Promise<Conversation> {
    const now = this.clock.now().toISOString();
    const item = newConversationItem({ userId, id }, { title, lastMessageAt: null, now });
    return conversationFrom(await this.table.create(this.table.stamp(item), stale));
  }

  /** @throws {ApiError} CONVERSATION_NOT_FOUND */
  async get(userId: string, id: string, { consistent = false } = {}): Promise<Conversation> {
    const item = await this.table.get(conversationKey(userId, id), { consistent });
    if (!item || isLeaving(item)) throw notFound();
    return conversationFrom(item);
  }

  /** Last written in first. @param archived both without it */
  async page(userId: string, archived: boolean | undefined, page: Paged): Promise<Page<Conversation>> {
    const wanted = archived === undefined ? [false, true] : [archived];
    const ranges: Range[] = wanted.map((which) => conversationsByActivity(userId, which));
    return (await this.table.page({ ranges, order: 'descending' }, page)).map(conversationFrom);
  }

  async listAll(userId: string, page: PageRequest): Promise<Page<Conversation>> {
    const listing = { ranges: [conversationsOf(userId)], order: 'ascending' as const };
    return (await this.table.page(listing, page)).map(conversationFrom);
  }

  /** Those that are being removed as well, as they stand. */
  allItems(userId: string): Promise<Item[]> {
    return this.table.all({ ranges: [conversationsOf(userId)], order: 'ascending', consistent: true });
  }

  async update(
    userId: string,
    id: string,
    { title, archived }: { readonly title?: string | undefined; readonly archived?: boolean | undefined },
    versions: SeenVersions,
  ): Promise<Conversation> {
    const place =
      archived === undefined ? {} : { GSI1PK: conversationsByActivity(userId, archived).partition };
    const change: Change = { title, archived, ...place };
    const key = conversationKey(userId, id);
    return conversationFrom(await this.table.update(key, change, notFound, { versions, where: STANDING }));
  }

  /** A conversation that begins with a message. */
  beginning(userId: string, id: string, title: string, at: string): Write {
    const item = newConversationItem({ userId, id }, { title, lastMessageAt: at, now: at });
    return { put: this.table.stamp(item), orElse: stale };
  }

  /** That a message came. @param title where it has none yet: fails as stale when somebody gave it one */
  written(userId: string, id: string, at: string, title?: string): Write {
    return {
      update: conversationKey(userId, id),
      change: { lastMessageAt: at, ...activityOf(id, at), title },
      silent: true,
      where: { ...STANDING, ...(title !== undefined && { title: null }) },
      orElse: (item) => (item && !isLeaving(item) ? new StaleVersion() : notFound()),
    };
  }

  /** That it is still there. */
  standing(userId: string, id: string): Write {
    return { check: conversationKey(userId, id), where: STANDING, orElse: notFound };
  }

  /**
   * From here on nothing is added to it. To begin again changes nothing.
   * @param unlessActive fails as stale where it was written in since this instant
   * @throws {StaleVersion} @throws {ApiError} CONVERSATION_NOT_FOUND
   */
  async beginLeaving(
    userId: string,
    id: string,
    { versions, unlessActive }: { readonly versions?: SeenVersions; readonly unlessActive?: string } = {},
  ): Promise<void> {
    const standing = await this.table.get(conversationKey(userId, id), { consistent: true });
    if (standing && isLeaving(standing)) return;
    const where = unlessActive === undefined ? undefined : { lastActiveAt: unlessActive };
    const orElse = (item: Item | undefined) => (item ? new StaleVersion() : notFound());
    const change = leaving({ userId, id }, this.clock.now());
    await this.table.update(conversationKey(userId, id), change, orElse, { versions, where });
  }

  discard(userId: string, id: string): Promise<void> {
    return this.table.discard(conversationKey(userId, id));
  }
}
