import { Injectable } from '@nestjs/common';
import { failWith } from '../../../http/errors/api-error.js';
import type { Tokens } from '../../../platform/ai/model.js';
import { Clock } from '../../../platform/clock.js';
import { StaleVersion } from '../../../platform/dynamodb/faults.js';
import type { Item, Key } from '../../../platform/dynamodb/item.js';
import { Table } from '../../../platform/dynamodb/table.js';
import { CONVERSATION_NOT_FOUND } from '../chat.errors.js';
import { partitionOf } from '../conversations/conversation.item.js';
import { ConversationsRepository } from '../conversations/conversations.repository.js';
import type { Message } from '../messages/message.js';
import { UsageService } from '../usage/usage.service.js';
import type { Round, RoundCall, RoundResult } from './round.js';

/** Longer than an Idempotency-Key lives, with which a message is tried again. */
const KEPT_SECONDS = 25 * 3600;

/**
 * How far the answering of a message has come. What a model wants is stored before it is done, and what came of it before
 * the model is asked again: a request that dies in between is taken up where it was, and nothing is done twice.
 */
@Injectable()
export class RoundsRepository {
  constructor(
    private readonly table: Table,
    private readonly conversations: ConversationsRepository,
    private readonly usage: UsageService,
    private readonly clock: Clock,
  ) {}

  /** In the order in which they were. */
  async list(userId: string, { conversationId, messageId }: Message): Promise<Round[]> {
    const partition = partitionOf(userId, conversationId);
    const ranges = [{ partition, prefix: `ROUND#${messageId}#` }];
    return (await this.table.all({ ranges, order: 'ascending', consistent: true })).map(roundFrom);
  }

  /** With what it took, and only while the conversation stands. */
  async open(userId: string, message: Message, round: Round): Promise<void> {
    const { number, content, calls, tokens } = round;
    const put = this.table.stamp({
      ...keyOf(userId, message, number),
      EntityType: 'CHAT_ROUND',
      content,
      calls,
      tokens,
      ExpiresAt: this.clock.seconds() + KEPT_SECONDS,
    });
    await this.table.transact([
      { put, orElse: () => new StaleVersion() },
      this.conversations.standing(userId, message.conversationId),
      this.usage.tokens(userId, tokens),
    ]);
  }

  /** @throws {ApiError} CONVERSATION_NOT_FOUND when it was removed meanwhile */
  async close(
    userId: string,
    message: Message,
    { number }: Round,
    results: readonly RoundResult[],
  ): Promise<void> {
    const gone = failWith(CONVERSATION_NOT_FOUND);
    await this.table.update(keyOf(userId, message, number), { results }, gone, { silent: true });
  }
}

const keyOf = (userId: string, { conversationId, messageId }: Message, number: number): Key => ({
  PK: partitionOf(userId, conversationId),
  SK: `ROUND#${messageId}#${number}`,
});

const roundFrom = (item: Item): Round => ({
  number: Number(item.SK.slice(item.SK.lastIndexOf('#') + 1)),
  content: item['content'] as string,
  calls: item['calls'] as RoundCall[],
  tokens: item['tokens'] as Tokens,
  results: item['results'] as RoundResult[] | undefined,
});
