import type { Item, Key, Range } from '../../platform/dynamodb/item.js';

/** Something that an assistant should remember of its user. */
export interface Memory {
  readonly id: string;
  readonly content: string;
  readonly tags: readonly string[];
  /** Who wrote it down. */
  readonly source: MemorySource;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

export type MemorySource = 'user' | 'assistant';

export const MEMORIES_PER_USER = 500;

const MEMORY = 'MEMORY#';

export const memoriesOf = (userId: string): Range => ({ partition: `USER#${userId}`, prefix: MEMORY });

export const memoryKey = (userId: string, id: string): Key => ({
  PK: `USER#${userId}`,
  SK: `${MEMORY}${id}`,
});

/** How many memories a user has: what the limit is held by, whoever else adds one at the same time. */
export const countKey = (userId: string): Key => ({ PK: `USER#${userId}`, SK: 'MEMORIES' });

export const memoryFrom = (item: Item): Memory => ({
  id: item.SK.slice(MEMORY.length),
  content: item['content'] as string,
  tags: item['tags'] as string[],
  source: item['source'] as MemorySource,
  createdAt: item.CreatedAt,
  updatedAt: item.UpdatedAt,
  version: item.Version,
});
