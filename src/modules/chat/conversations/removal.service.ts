import { Injectable } from '@nestjs/common';
import { DueItems, type DueRun } from '../../../platform/dynamodb/due-items.js';
import { type SeenVersions, StaleVersion } from '../../../platform/dynamodb/faults.js';
import type { Item } from '../../../platform/dynamodb/item.js';
import { ServiceUnavailable } from '../../../platform/faults.js';
import { idsFrom } from '../../../platform/ids.js';
import { requestContext } from '../../../platform/request-context.js';
import { ActionsRepository } from '../actions/actions.repository.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { conversationIdOf, isLeaving, LEAVING } from './conversation.item.js';
import { ConversationsRepository } from './conversations.repository.js';

const AT_ONCE = 25;
/** Left of a request's time to give the answer in. */
const ANSWER_MS = 1500;

/** How much of a removal is done. */
export interface Removal {
  /** Messages that went. */
  readonly deleted: number;
  /** Whether all went; if not, the same request goes on. */
  readonly complete: boolean;
}

/**
 * Removes conversations with all that is in them. First one is marked, after which nothing is added to it and nobody
 * sees it; then it is emptied, then it goes. Each step may be repeated, by the client or by the sweeper.
 */
@Injectable()
export class RemovalService {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly messages: MessagesRepository,
    private readonly actions: ActionsRepository,
    private readonly due: DueItems,
  ) {}

  /** @throws {ServiceUnavailable} when the time for the answer ends first: it goes on by itself, or when asked again */
  async remove(
    userId: string,
    id: string,
    versions: SeenVersions,
  ): Promise<{ readonly id: string; readonly deleted: true }> {
    await this.conversations.beginLeaving(userId, id, { versions });
    const { complete } = await this.empty(userId, id);
    if (!complete) throw new ServiceUnavailable(new Error('Out of time'));
    return { id, deleted: true };
  }

  /** @param before what was said earlier than this, and conversations that ended before; undefined takes all */
  async removeMessages(userId: string, before: Date | undefined): Promise<Removal> {
    let deleted = 0;
    for (const item of await this.conversations.allItems(userId)) {
      const removal = await this.removeFrom(userId, item, before);
      deleted += removal.deleted;
      if (!removal.complete) return { deleted, complete: false };
    }
    return { deleted, complete: true };
  }

  /** After this nothing is added to any conversation. @returns how many were not marked before */
  async markAll(userId: string): Promise<number> {
    const items = (await this.conversations.allItems(userId)).filter((item) => !isLeaving(item));
    for (const item of items) await this.conversations.beginLeaving(userId, conversationIdOf(item));
    return items.length;
  }

  /** Empties and removes those that are marked. @returns how many messages went @throws {ServiceUnavailable} when there is no time for all */
  async removeMarked(userId: string): Promise<number> {
    let messages = 0;
    for (const item of (await this.conversations.allItems(userId)).filter(isLeaving)) {
      const { deleted, complete } = await this.empty(userId, conversationIdOf(item));
      messages += deleted;
      if (!complete) throw new ServiceUnavailable(new Error('Out of time'));
    }
    return messages;
  }

  /** Goes on with what requests could not finish. @throws {WorkLeft} */
  sweep(): Promise<DueRun> {
    return this.due.each(LEAVING, async (item) => {
      await this.empty(item.PK.slice('USER#'.length), conversationIdOf(item));
      return true;
    });
  }

  private async removeFrom(userId: string, item: Item, before: Date | undefined): Promise<Removal> {
    const id = conversationIdOf(item);
    const lastActiveAt = item['lastActiveAt'] as string;
    const ended = before === undefined || lastActiveAt < before.toISOString();
    if (!ended && !isLeaving(item)) return this.discard(userId, id, new Date(before.getTime() - 1));
    try {
      await this.conversations.beginLeaving(userId, id, before ? { unlessActive: lastActiveAt } : {});
    } catch (error) {
      if (error instanceof StaleVersion && before)
        return this.discard(userId, id, new Date(before.getTime() - 1));
      throw error;
    }
    return this.empty(userId, id);
  }

  private async empty(userId: string, id: string): Promise<Removal> {
    const removal = await this.discard(userId, id, undefined);
    if (!removal.complete) return removal;
    await this.actions.discardOf(userId, id);
    await this.conversations.discard(userId, id);
    return removal;
  }

  private async discard(userId: string, id: string, until: Date | undefined): Promise<Removal> {
    const to = until && idsFrom(until);
    for (let deleted = 0; ;) {
      if (requestContext.remainingMs() < ANSWER_MS) return { deleted, complete: false };
      const { messages, more } = await this.messages.discardSome(userId, id, to, AT_ONCE);
      deleted += messages;
      if (!more) return { deleted, complete: true };
    }
  }
}
