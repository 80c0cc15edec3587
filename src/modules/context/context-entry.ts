import type { Item, Key, Range } from '../../platform/dynamodb/item.js';

/** What is kept of a user under one type (seed 004): what an assistant should know, or a client wants to find again. */
export interface ContextEntry {
  readonly userId: string;
  readonly contextType: string;
  readonly data: ContextData;
  readonly version: number;
  /** When it ends by itself. */
  readonly expiresAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type ContextData = Readonly<Record<string, unknown>>;

/** But for `.` and `..`, which browsers take out of a path. */
export const CONTEXT_TYPE = /^(?!\.{1,2}$)[\w.:-]{1,64}$/;
export const DATA_BYTES = 64 * 1024;
export const TYPES_PER_USER = 50;

/** The users module's, which alone writes it. */
export const PREFERENCES = 'preferences';

const CONTEXT = 'CONTEXT#';

export const contextsOf = (userId: string): Range => ({ partition: `USER#${userId}`, prefix: CONTEXT });

/** Of the row that counts a user's types. */
export const countKey = (userId: string): Key => ({ PK: `USER#${userId}`, SK: 'COUNT#CONTEXT' });

export const contextKey = (userId: string, contextType: string): Key => ({
  PK: `USER#${userId}`,
  SK: `${CONTEXT}${contextType}`,
});

/** Who has a context of a type (seed 004's index). */
export const usersWith = (contextType: string): Range => ({
  index: 'GSI2',
  partition: `${CONTEXT}${contextType}`,
  prefix: 'USER#',
});

export const placeAmongUsers = (userId: string, contextType: string) => ({
  GSI2PK: usersWith(contextType).partition,
  GSI2SK: `USER#${userId}`,
});

export function entryFrom(item: Item): ContextEntry {
  const data = item['data'] as string | ContextData;
  return {
    userId: item.PK.slice('USER#'.length),
    contextType: item.SK.slice(CONTEXT.length),
    // As the text that was sent: a map of DynamoDB's would not keep its order. Preferences are one.
    data: typeof data === 'string' ? (JSON.parse(data) as ContextData) : data,
    version: item.Version,
    expiresAt: item.ExpiresAt === undefined ? null : new Date(item.ExpiresAt * 1000).toISOString(),
    createdAt: item.CreatedAt,
    updatedAt: item.UpdatedAt,
  };
}
