import { type DueQueue, placeIn } from '../../../platform/dynamodb/due-items.js';
import {
  type Change,
  compact,
  type Item,
  type Key,
  type NewItem,
  type Range,
  textOf,
} from '../../../platform/dynamodb/item.js';
import type { Conversation } from './conversation.js';

const CONVERSATION = 'CONV#';

/** Conversations that are being removed. */
export const LEAVING: DueQueue = { index: 'GSI2', name: 'CONV#LEAVING' };

export const conversationKey = (userId: string, id: string): Key => ({
  PK: `USER#${userId}`,
  SK: `${CONVERSATION}${id}`,
});

/** Where everything that is in a conversation lies. */
export const partitionOf = (userId: string, conversationId: string): string =>
  `USER#${userId}#${CONVERSATION}${conversationId}`;

/** By id. */
export const conversationsOf = (userId: string): Range => ({
  partition: `USER#${userId}`,
  prefix: CONVERSATION,
});

/** By when they were last written in. */
export const conversationsByActivity = (userId: string, archived: boolean): Range => ({
  index: 'GSI1',
  partition: `USER#${userId}#CONV${archived ? '#ARCHIVED' : ''}`,
});

interface Placed {
  readonly userId: string;
  readonly id: string;
}

/** Where a conversation stands among the others. */
export const activityOf = (id: string, at: string): Change => ({ lastActiveAt: at, GSI1SK: `${at}#${id}` });

export const newConversationItem = (
  { userId, id }: Placed,
  { title, lastMessageAt, now }: { title: string | null; lastMessageAt: string | null; now: string },
): NewItem =>
  compact({
    ...conversationKey(userId, id),
    EntityType: 'CONVERSATION',
    GSI1PK: conversationsByActivity(userId, false).partition,
    ...activityOf(id, lastMessageAt ?? now),
    title,
    archived: false,
    lastMessageAt,
  });

/** Takes it out of every list; what is in it goes next. */
export const leaving = ({ userId, id }: Placed, now: Date): Change => ({
  leaving: true,
  GSI1PK: null,
  GSI1SK: null,
  ...placeIn(LEAVING, userId, now, `${userId}#${id}`),
});

export const isLeaving = (item: Item): boolean => item['leaving'] === true;

export const conversationIdOf = ({ SK }: Key): string => SK.slice(CONVERSATION.length);

export const conversationFrom = (item: Item): Conversation => ({
  id: conversationIdOf(item),
  title: textOf(item, 'title'),
  archived: item['archived'] === true,
  lastMessageAt: textOf(item, 'lastMessageAt'),
  createdAt: item.CreatedAt,
  updatedAt: item.UpdatedAt,
  version: item.Version,
});
