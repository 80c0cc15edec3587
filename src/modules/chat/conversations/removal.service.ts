import { Injectable } from '@nestjs/common';
import { ApiError } from '../../../http/errors/api-error.js';
import { DueItems, type DueRun } from '../../../platform/dynamodb/due-items.js';
import { type SeenVersions, StaleVersion } from '../../../platform/dynamodb/faults.js';
import type { Item } from '../../../platform/dynamodb/item.js';
import { someAtOnce } from '../../../platform/some-at-once.js';
import { ServiceUnavailable } from '../../../platform/faults.js';
import { idsFrom } from '../../../platform/ids.js';
import { requestContext } from '../../../platform/request-context.js';
import { CONVERSATION_NOT_FOUND } from '../chat.errors.js';
import { ActionsRepository } from '../actions/actions.repository.js';
import type { Message } from '../messages/message.js';
import { MessagesRepository } from '../messages/messages.repository.js';
import { conversationIdOf, isLeaving, LEAVING } from './conversation.item.js';
import { ConversationsRepository } from './conversations.repository.js';

const AT_ONCE = 25;
/** Left of a request's time to give the answer in. */
const ANSWER_MS = 1500;
const CONVERSATIONS_AT_ONCE = 8;

/** How much of a removal is done. */
export interface Removal {
  /** Messages that went. */
  readonly deleted: number;
  /** Whether all went; if not, the same request goes on. */
  readonly complete: boolean;
}

const NOTHING: Removal = { deleted: 0, complete: true };

/** Whoever else removes it has been faster. */
function unlessGone(error: unknown): void {
  if (!(error instanceof ApiError && error.code === CONVERSATION_NOT_FOUND.code)) throw error;
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

  /**
   * @param before an instant: what was said earlier, and conversations that ended earlier; undefined takes all, and what
   * there is no time for the sweeper finishes
   */
  async removeMessages(userId: string, before: string | undefined): Promise<Removal> {
    const all = await this.conversations.allItems(userId);
    if (before === undefined) {
      await this.mark(userId, all);
      return this.emptyEach(userId, all);
    }
    // What began later holds nothing that was said earlier.
    const items = all.filter((item) => conversationIdOf(item) < idsFrom(new Date(before)));
    let [deleted, complete] = [0, true];
    await someAtOnce(items, CONVERSATIONS_AT_ONCE, async (item) => {
      const removal = await this.removeFrom(userId, item, before);
      deleted += removal.deleted;
      complete &&= removal.complete;
    });
    return { deleted, complete };
  }

  /** With how it came to be answered, and with what its answer asked for. @throws {ApiError} MESSAGE_NOT_FOUND */
  async removeMessage(userId: string, { conversationId, messageId, replyTo }: Message): Promise<void> {
    const question = replyTo ?? messageId;
    await this.messages.discardTraces(userId, conversationId, question);
    await this.actions.discardOf(userId, conversationId, { from: question, to: question });
    await this.messages.remove(userId, conversationId, messageId);
  }

  /** After this nothing is added to any conversation. @returns how many were not marked before */
  async markAll(userId: string): Promise<number> {
    return this.mark(userId, await this.conversations.allItems(userId));
  }

  /** Empties and removes those that are marked. */
  async removeMarked(userId: string): Promise<Removal> {
    return this.emptyEach(userId, (await this.conversations.allItems(userId)).filter(isLeaving));
  }

  /** Goes on with what requests could not finish. @throws {WorkLeft} */
  sweep(): Promise<DueRun> {
    return this.due.each(LEAVING, async (item) => {
      await this.empty(item.PK.slice('USER#'.length), conversationIdOf(item));
      return true;
    });
  }

  private async mark(userId: string, items: readonly Item[]): Promise<number> {
    const unmarked = items.filter((item) => !isLeaving(item));
    await someAtOnce(unmarked, CONVERSATIONS_AT_ONCE, (item) =>
      this.conversations.beginLeaving(userId, conversationIdOf(item)).catch(unlessGone),
    );
    return unmarked.length;
  }

  private async emptyEach(userId: string, marked: readonly Item[]): Promise<Removal> {
    let deleted = 0;
    for (const item of marked) {
      const removal = await this.empty(userId, conversationIdOf(item));
      deleted += removal.deleted;
      if (!removal.complete) return { deleted, complete: false };
    }
    return { deleted, complete: true };
  }

  private async removeFrom(userId: string, item: Item, before: string): Promise<Removal> {
    const id = conversationIdOf(item);
    const lastActiveAt = item['lastActiveAt'] as string;
    const until = new Date(Date.parse(before) - 1);
    if (lastActiveAt >= before && !isLeaving(item)) return this.discard(userId, id, until);
    try {
      await this.conversations.beginLeaving(userId, id, { unlessActive: lastActiveAt });
    } catch (error) {
      if (error instanceof StaleVersion) return this.discard(userId, id, until);
      unlessGone(error);
      return NOTHING;
    }
    return this.empty(userId, id);
  }

  private async empty(userId: string, id: string): Promise<Removal> {
    const removal = await this.discard(userId, id, undefined);
    if (removal.complete) await this.conversations.discard(userId, id);
    return removal;
  }

  /** What is in a conversation, with what led to it and what it asked for. @param until the instant up to which it goes */
  private async discard(userId: string, id: string, until: Date | undefined): Promise<Removal> {
    const to = until && idsFrom(until);
    for (let deleted = 0; ;) {
      if (requestContext.remainingMs() < ANSWER_MS) return { deleted, complete: false };
      const { messages, more } = await this.messages.discardSome(userId, id, to, AT_ONCE);
      deleted += messages;
      if (more) continue;
      if (messages > 0 || to === undefined) await this.actions.discardOf(userId, id, { to });
      return { deleted, complete: true };
    }
  }
}
