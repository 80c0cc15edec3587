import type { Tokens } from '../../../platform/ai/model.js';
import {
  compact,
  type Item,
  type Key,
  type NewItem,
  type Range,
  textOf,
} from '../../../platform/dynamodb/item.js';
import { idsFrom, instantOf } from '../../../platform/ids.js';
import { inOrder, type MessageAction } from '../actions/action.js';
import { partitionOf } from '../conversations/conversation.item.js';
import type { Message } from './message.js';

const MESSAGE = 'MSG#';

export const messageKey = (userId: string, conversationId: string, id: string): Key => ({
  PK: partitionOf(userId, conversationId),
  SK: `${MESSAGE}${id}`,
});

/** Ids are UUIDv7: their order is that of the messages, also within a millisecond. */
export const messagesOf = (userId: string, conversationId: string, to?: string): Range => ({
  partition: partitionOf(userId, conversationId),
  prefix: MESSAGE,
  ...(to !== undefined && { to }),
});

/** How answers came about. @param from @param to the ids of the questions */
export const roundsOf = (userId: string, conversationId: string, from?: string, to?: string): Range => ({
  partition: partitionOf(userId, conversationId),
  prefix: 'ROUND#',
  from,
  ...(to !== undefined && { to }),
});

/** Of all conversations (seed 000's timeline). @param from @param to instants, both included */
export const timelineOf = (userId: string, from?: Date, to?: Date): Range => ({
  index: 'GSI1',
  partition: `USER#${userId}#MSG`,
  ...(from && { from: idsFrom(from) }),
  ...(to && { to: idsFrom(to) }),
});

export const newMessageItem = (
  userId: string,
  { messageId, conversationId, role, content, model, tokens, actions, replyTo, answerId }: Message,
): NewItem =>
  compact({
    ...messageKey(userId, conversationId, messageId),
    EntityType: 'MESSAGE',
    GSI1PK: timelineOf(userId).partition,
    GSI1SK: messageId,
    role,
    content,
    model,
    tokens,
    actions,
    replyTo,
    answerId,
  });

export function messageFrom(item: Item): Message {
  const messageId = item.SK.slice(MESSAGE.length);
  const tokens = item['tokens'] as Tokens | undefined;
  const actions = (item['actions'] as MessageAction[] | undefined) ?? [];
  return {
    messageId,
    userId: item.PK.split('#')[1] ?? '',
    conversationId: item.PK.slice(item.PK.lastIndexOf('#') + 1),
    timestamp: instantOf(messageId).toISOString(),
    role: item['role'] as Message['role'],
    content: item['content'] as string,
    model: textOf(item, 'model'),
    tokens: tokens ? { in: tokens.in, out: tokens.out } : null,
    actions: actions.map(inOrder),
    replyTo: textOf(item, 'replyTo'),
    answerId: textOf(item, 'answerId'),
  };
}
