import { Injectable } from '@nestjs/common';
import { failWith } from '../../../http/errors/api-error.js';
import type { Paged } from '../../../http/paging/page-query.dto.js';
import { StaleVersion } from '../../../platform/dynamodb/faults.js';
import type { Page, PageRequest } from '../../../platform/dynamodb/item.js';
import { Table, type Write } from '../../../platform/dynamodb/table.js';
import { MESSAGE_NOT_FOUND } from '../chat.errors.js';
import { partitionOf } from '../conversations/conversation.item.js';
import type { Message } from './message.js';
import { messageFrom, messageKey, messagesOf, newMessageItem, timelineOf } from './message.item.js';

export type Order = 'asc' | 'desc';

const orderOf = (order: Order) => (order === 'asc' ? 'ascending' : 'descending');

/** The question was answered by another run of the same request. */
export class AlreadyAnswered extends Error {}

@Injectable()
export class MessagesRepository {
  constructor(private readonly table: Table) {}

  async commit(writes: readonly Write[]): Promise<void> {
    await this.table.transact(writes);
  }

  saying(userId: string, message: Message): Write {
    const put = this.table.stamp(newMessageItem(userId, message));
    return { put, orElse: () => new StaleVersion() };
  }

  /** Notes at a question where its answer is, once. Fails with `AlreadyAnswered`. */
  answered(userId: string, { conversationId, messageId }: Message, answerId: string): Write {
    return {
      update: messageKey(userId, conversationId, messageId),
      change: { answerId },
      where: { answerId: null },
      silent: true,
      orElse: (item) => (item ? new AlreadyAnswered() : failWith(MESSAGE_NOT_FOUND)()),
    };
  }

  async find(userId: string, conversationId: string, id: string): Promise<Message | undefined> {
    const item = await this.table.get(messageKey(userId, conversationId, id), { consistent: true });
    return item && messageFrom(item);
  }

  /** The last messages up to one, oldest first, that one included. */
  async listBefore(userId: string, { conversationId, messageId }: Message, most: number): Promise<Message[]> {
    const ranges = [messagesOf(userId, conversationId, messageId)];
    const items = await this.table.all({ ranges, order: 'descending', consistent: true }, most);
    return items.map(messageFrom).toReversed();
  }

  async page(userId: string, conversationId: string, order: Order, page: Paged): Promise<Page<Message>> {
    const listing = { ranges: [messagesOf(userId, conversationId)], order: orderOf(order) } as const;
    return (await this.table.page(listing, page)).map(messageFrom);
  }

  /** Of all conversations; as of a moment ago, since it is read through an index. */
  async timeline(
    userId: string,
    { from, to }: { readonly from?: Date | undefined; readonly to?: Date | undefined },
    order: Order,
    page: Paged | PageRequest,
  ): Promise<Page<Message>> {
    const listing = { ranges: [timelineOf(userId, from, to)], order: orderOf(order) } as const;
    return (await this.table.page(listing, page)).map(messageFrom);
  }

  async remove(userId: string, conversationId: string, id: string): Promise<void> {
    await this.table.remove(messageKey(userId, conversationId, id), failWith(MESSAGE_NOT_FOUND));
  }

  /**
   * Some of a conversation's messages; without `to` also how their answers came about.
   * @param to the id up to which they go @param most so many at once
   */
  async discardSome(
    userId: string,
    conversationId: string,
    to: string | undefined,
    most: number,
  ): Promise<{ readonly messages: number; readonly more: boolean }> {
    const partition = partitionOf(userId, conversationId);
    const range = to === undefined ? { partition } : messagesOf(userId, conversationId, to);
    const listing = { ranges: [range], order: 'ascending', consistent: true, only: ['EntityType'] } as const;
    const items = await this.table.all({ ...listing, withExpired: true }, most);
    await Promise.all(items.map((item) => this.table.discard(item)));
    const messages = items.filter(({ EntityType }) => EntityType === 'MESSAGE').length;
    return { messages, more: items.length === most };
  }
}
