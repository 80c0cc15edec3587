import { Injectable } from '@nestjs/common';
import { type OrElse, Table, type Write } from '../../../platform/dynamodb/table.js';
import type { Tokens } from '../../../platform/ai/model.js';
import { Clock } from '../../../platform/clock.js';
import { StaleVersion } from '../../../platform/dynamodb/faults.js';
import type { Item, Key, Page, PageRequest, Range } from '../../../platform/dynamodb/item.js';

/** What a user's messages took on one day (UTC). */
export interface DayOfUse {
  readonly date: string;
  readonly messages: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
}

const USAGE = 'USAGE#';
const KEPT_DAYS = 400;
const KEPT_SECONDS = KEPT_DAYS * 24 * 3600;

const usageKey = (userId: string, date: string): Key => ({ PK: `USER#${userId}`, SK: `${USAGE}${date}` });
const usageOf = (userId: string): Range => ({ partition: `USER#${userId}`, prefix: USAGE });

const dayFrom = (item: Item): DayOfUse => ({
  date: item.SK.slice(USAGE.length),
  messages: (item['messages'] as number | undefined) ?? 0,
  tokensIn: (item['tokensIn'] as number | undefined) ?? 0,
  tokensOut: (item['tokensOut'] as number | undefined) ?? 0,
});

/** One row per user and day; always written in a transaction, so that what is counted is exact. */
@Injectable()
export class UsageRepository {
  constructor(
    private readonly table: Table,
    private readonly clock: Clock,
  ) {}

  async find(userId: string, date: string): Promise<DayOfUse> {
    const item = await this.table.get(usageKey(userId, date), { consistent: true });
    return item ? dayFrom(item) : { date, messages: 0, tokensIn: 0, tokensOut: 0 };
  }

  /** Days on which there was any. */
  async list(userId: string, from: string, to: string): Promise<DayOfUse[]> {
    const ranges = [{ ...usageOf(userId), from, to }];
    return (await this.table.all({ ranges, order: 'ascending' }, KEPT_DAYS)).map(dayFrom);
  }

  async page(userId: string, page: PageRequest): Promise<Page<DayOfUse>> {
    return (await this.table.page({ ranges: [usageOf(userId)], order: 'ascending' }, page)).map(dayFrom);
  }

  /** One message more, unless there are `quota` of them. */
  message(userId: string, date: string, quota: number, orElse: OrElse): Write {
    return { ...this.adding(userId, date, { messages: 1 }), atMost: { messages: quota - 1 }, orElse };
  }

  tokens(userId: string, date: string, tokens: Tokens): Write {
    return this.adding(userId, date, { tokensIn: tokens.in, tokensOut: tokens.out });
  }

  /** A transaction also of one: an ADD that is repeated would count twice. */
  async commit(writes: readonly Write[]): Promise<void> {
    await this.table.transact(writes);
  }

  erase(userId: string): Promise<number> {
    return this.table.discardAll(usageOf(userId));
  }

  private adding(userId: string, date: string, add: Readonly<Record<string, number>>): Write {
    return {
      update: usageKey(userId, date),
      change: { EntityType: 'CHAT_USAGE', ExpiresAt: this.clock.seconds() + KEPT_SECONDS },
      add,
      upsert: true,
      silent: true,
      orElse: () => new StaleVersion(),
    };
  }
}
