import { Injectable } from '@nestjs/common';
import { ApiError, type ErrorDefinition, failWith } from '../../../http/errors/api-error.js';
import type { Paged } from '../../../http/paging/page-query.dto.js';
import { StaleVersion } from '../../../platform/dynamodb/faults.js';
import type { Item, Page, PageRequest } from '../../../platform/dynamodb/item.js';
import { type OrElse, Table, type Write } from '../../../platform/dynamodb/table.js';
import { CHAT_TRIES_EXCEEDED, MESSAGE_NOT_FOUND } from '../chat.errors.js';
import type { Message } from './message.js';
import { messageFrom, messageKey, messagesOf, newMessageItem, roundsOf, timelineOf } from './message.item.js';

export type Order = 'asc' | 'desc';

const orderOf = (order: Order) => (order === 'asc' ? 'ascending' : 'descending');

/** The question was answered by another run of the same request. */
export class AlreadyAnswered extends Error {}

const answeredOr =
  (otherwise: ErrorDefinition): OrElse =>
  (item) =>
    item?.['answerId'] === undefined
      ? new ApiError(item ? otherwise : MESSAGE_NOT_FOUND)
      : new AlreadyAnswered();

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
      orElse: answeredOr(MESSAGE_NOT_FOUND),
    };
  }

  /** Counts another try to have a question answered, while it is not. @throws {ApiError} CHAT_TRIES_EXCEEDED */
  async tryAgain(userId: string, { conversationId, messageId }: Message, most: number): Promise<void> {
    const key = messageKey(userId, conversationId, messageId);
    const counting = {
      silent: true,
      where: { answerId: null },
      add: { tries: 1 },
      atMost: { tries: most - 2 },
    };
    try {
      await this.table.update(key, {}, answeredOr(CHAT_TRIES_EXCEEDED), counting);
    } catch (error) {
      if (!(error instanceof AlreadyAnswered)) throw error;
    }
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

  /** How a question came to be answered. */
  async discardTraces(userId: string, conversationId: string, questionId: string): Promise<void> {
    await this.table.discardAll(roundsOf(userId, conversationId, questionId, questionId));
  }

  /**
   * Some of what is in a conversation: messages, and how answers to them came about. What somebody else removes at the same
   * time is not counted here.
   * @param to the id of the last message that goes; undefined takes all @param most so many at once
   */
  async discardSome(
    userId: string,
    conversationId: string,
    to: string | undefined,
    most: number,
  ): Promise<{ readonly messages: number; readonly more: boolean }> {
    const ranges = [messagesOf(userId, conversationId, to), roundsOf(userId, conversationId, undefined, to)];
    const listing = { ranges, order: 'ascending', consistent: true, only: ['EntityType'] } as const;
    const items = await this.table.all({ ...listing, withExpired: true }, most);
    const went = await Promise.all(items.map((item) => this.discard(item)));
    return { messages: went.filter(Boolean).length, more: items.length === most };
  }

  /** @returns whether a message went by this, which the token of a transaction tells also when its answer was lost */
  private async discard(item: Item): Promise<boolean> {
    if (item.EntityType !== 'MESSAGE') {
      await this.table.discard(item);
      return false;
    }
    try {
      await this.table.transact([{ remove: item, orElse: () => new AlreadyGone() }]);
      return true;
    } catch (error) {
      if (error instanceof AlreadyGone) return false;
      throw error;
    }
  }
}

class AlreadyGone extends Error {}
