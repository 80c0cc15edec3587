import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { StaleVersion } from '../../../platform/dynamodb/faults.js';
import type { Item, Key, Range } from '../../../platform/dynamodb/item.js';
import { Table, type Write } from '../../../platform/dynamodb/table.js';
import { daysAfter, secondsOf } from '../../../platform/local-time.js';
import { type Counter, type DayCount, type Group, openDays, siteCounter, type Sum } from './counter.js';
import {
  dayKey,
  daysOf,
  FOLDED_KEY,
  monthKey,
  monthsOf,
  dayCountFrom,
  openKey,
  openOf,
  seenKey,
  siteDayFrom,
  sumFrom,
  totalKey,
  totalsOf,
} from './counter.item.js';

/** Days that a mark, and what was counted on a day, lie in the table after that day began. */
const MARK_DAYS = 2;
const OPEN_DAYS = 60;

/** Somebody was counted before. */
class Repeated extends Error {}

/** A counter with what its open days have. */
export interface Counted {
  readonly sum: Sum | undefined;
  readonly open: readonly DayCount[];
}

/** Counts, and reads what was counted. */
@Injectable()
export class CountersRepository {
  private readonly shards: readonly number[];
  private first: { readonly today: string; readonly day: Promise<string | undefined> } | undefined;

  constructor(
    private readonly table: Table,
    @Inject(CONFIG) config: Config,
  ) {
    this.shards = Array.from({ length: config.counterShards }, (_, shard) => shard);
  }

  /**
   * Counts one hit of somebody on a day, and says whether it was the first. Mark and count are one transaction, which
   * DynamoDB knows again by its token when an answer was lost.
   * @param who a hash that is good for this day and this counter only
   */
  async countOnce(date: string, counter: Counter, who: string): Promise<boolean> {
    const ExpiresAt = secondsOf(daysAfter(date, MARK_DAYS));
    const stamped = this.table.stamp({ ...seenKey(date, who), EntityType: 'SEEN', ExpiresAt });
    // On which day it was is enough to know.
    const mark = { ...stamped, CreatedAt: date, UpdatedAt: date };
    try {
      await this.table.transact([{ put: mark, orElse: () => new Repeated() }, this.counting(date, counter)]);
      return true;
    } catch (error) {
      if (error instanceof Repeated) return false;
      throw error;
    }
  }

  /** Counts every hit. */
  count(date: string, counter: Counter): Promise<void> {
    return this.table.transact([this.counting(date, counter)]);
  }

  /** One counter: its sum, and what its open days have. @param consistent after a hit, so that it is among them */
  async read(today: string, counter: Counter, { consistent = false } = {}): Promise<Counted> {
    const keysOf = (days: readonly string[]) =>
      days.flatMap((day) => this.shards.map((shard) => openKey(shard, day, counter)));
    const recent = openDays(today, undefined);
    const keys = [FOLDED_KEY, totalKey(counter), ...keysOf(recent)];
    const items = await this.table.getMany(keys, { consistent });
    const first = await this.firstOpen(today, items.find(is(FOLDED_KEY)));
    const late = openDays(today, first).filter((day) => !recent.includes(day));
    const older = late.length === 0 ? [] : await this.table.getMany(keysOf(late), { consistent });
    const sum = items.find(is(totalKey(counter)));
    const open = [...items, ...older].filter(({ PK }) => PK.startsWith('COUNT#')).map(dayCountFrom);
    return { sum: sum && sumFrom(sum), open };
  }

  /** Everything that was counted on days which are not added up yet; a Query a shard. */
  async readOpen(today: string): Promise<DayCount[]> {
    const first = await this.firstOpen(today, await this.table.get(FOLDED_KEY));
    return this.readOpenDays(openDays(today, first)[0] ?? today, today);
  }

  /** @param from the first day @param to the last */
  async readOpenDays(from: string, to: string): Promise<DayCount[]> {
    const parts = await Promise.all(
      this.shards.map((shard) => this.inOrder(openOf(shard, from, to), { consistent: true })),
    );
    return parts.flat().map(dayCountFrom);
  }

  /** What the closed days of the site have; those without a number had nothing. */
  async listSiteDays(from: string, to: string): Promise<DayCount[]> {
    return (await this.inOrder(daysOf('site', from, to))).map(siteDayFrom);
  }

  /** What the closed days of all contents have. */
  async listContentDays(from: string, to: string): Promise<DayCount[]> {
    return (await this.inOrder(daysOf('content', from, to))).map(dayCountFrom);
  }

  /** By month. */
  async listMonths(counter: Counter, from: string, to: string): Promise<Map<string, Sum>> {
    const items = await this.inOrder(monthsOf(counter, from, to));
    return new Map(items.map((item) => [item.SK, sumFrom(item)]));
  }

  /** By name. */
  async listTotals(group: Group): Promise<Map<string, Sum>> {
    return new Map((await this.inOrder(totalsOf(group))).map((item) => [item.SK, sumFrom(item)]));
  }

  async findTotal(name: 'VIEWS'): Promise<Sum | undefined> {
    const item = await this.table.get(totalKey(siteCounter(name)));
    return item && sumFrom(item);
  }

  /** The last day that was added up. */
  async findFolded(): Promise<string | undefined> {
    const item = await this.table.get(FOLDED_KEY, { consistent: true });
    return item && (item['through'] as string);
  }

  /** The first day on which anything was counted that is still there; undefined where nothing was. */
  async findFirstDay(today: string): Promise<string | undefined> {
    // What is older has expired, and may lie before it.
    const oldest = daysAfter(today, 1 - OPEN_DAYS);
    const firsts = await Promise.all(
      this.shards.map((shard) =>
        this.table.page({ ranges: [openOf(shard, oldest, today)], order: 'ascending' }, { limit: 1 }),
      ),
    );
    const dates = firsts.flatMap(({ items }) => items.map((item) => dayCountFrom(item).date));
    return dates.sort()[0];
  }

  /** Adds one day of one counter to its sums; a second time changes nothing. */
  async addDay({ date, counter, count }: DayCount): Promise<void> {
    const sums = [
      totalKey(counter),
      ...(counter.group === 'SITE' ? [monthKey(date.slice(0, 7), counter)] : []),
    ];
    const day = this.table.stamp({ ...dayKey(date, counter), EntityType: 'DAY_COUNT', count });
    const writes: Write[] = [
      { put: day, orElse: () => new Repeated() },
      ...sums.map((key): Write => ({
        update: key,
        change: { EntityType: 'SUM', through: date },
        add: { count },
        upsert: true,
        silent: true,
        orElse: () => new StaleVersion(),
      })),
    ];
    try {
      await this.table.transact(writes);
    } catch (error) {
      if (!(error instanceof Repeated)) throw error;
    }
  }

  async setFolded(through: string): Promise<void> {
    const change = { EntityType: 'FOLDED', through };
    await this.table.update(FOLDED_KEY, change, () => new StaleVersion(), { upsert: true, silent: true });
  }

  /** The first day that is not added up; undefined where nothing was counted. */
  private async firstOpen(today: string, folded: Item | undefined): Promise<string | undefined> {
    if (folded) return daysAfter(folded['through'] as string, 1);
    // Before the worker has run for the first time. On one day it is the same one: nobody counts for days gone by.
    if (this.first?.today !== today) this.first = { today, day: this.findFirstDay(today) };
    try {
      return await this.first.day;
    } catch (error) {
      this.first = undefined;
      throw error;
    }
  }

  private counting(date: string, counter: Counter): Write {
    const shard = Math.floor(Math.random() * this.shards.length);
    return {
      update: openKey(shard, date, counter),
      change: { EntityType: 'OPEN_COUNT', ExpiresAt: secondsOf(daysAfter(date, OPEN_DAYS)) },
      add: { count: 1 },
      upsert: true,
      silent: true,
      createdAt: date,
      orElse: () => new StaleVersion(),
    };
  }

  private inOrder(range: Range, options: { readonly consistent?: boolean } = {}): Promise<Item[]> {
    return this.table.all({ ranges: [range], order: 'ascending', ...options });
  }
}

const is =
  ({ PK, SK }: Key) =>
  (item: Item) =>
    item.PK === PK && item.SK === SK;
