import { Injectable } from '@nestjs/common';
import type { Item, Key } from '../../../platform/dynamodb/item.js';
import { Table } from '../../../platform/dynamodb/table.js';
import { daysAfter, secondsOf } from '../../../platform/local-time.js';
import { OTHERS, type SourceKind, SOURCES_PER_DAY } from './sources.js';

const KEPT_DAYS = 400;

const rowKey = (kind: SourceKind, date: string, name: string): Key => ({ PK: kind, SK: `${date}#${name}` });
const numberKey = (kind: SourceKind, date: string): Key => ({ PK: `${kind}#NUMBER`, SK: date });

const expiryOf = (date: string): number => secondsOf(daysAfter(date, KEPT_DAYS));

class Unknown extends Error {}
class Known extends Error {}
class Full extends Error {}

/** Day totals of paths and of hosts; with whom they came is not kept. */
@Injectable()
export class SourcesRepository {
  /** The day whose number is reached, as far as this process knows. */
  private readonly full = new Map<SourceKind, string>();

  constructor(private readonly table: Table) {}

  /**
   * Adds one to a name of this day, which is new to it at first; once the day has its number of names, to the others.
   * What is repeated after a lost answer, and more than four writes of others meanwhile, counts twice: unlike visitors.
   */
  async count(kind: SourceKind, date: string, name: string): Promise<void> {
    if (await this.countKnown(kind, date, name)) return;
    if (this.full.get(kind) !== date && (await this.countNew(kind, date, name))) return;
    this.full.set(kind, date);
    if (await this.countKnown(kind, date, OTHERS)) return;
    try {
      await this.table.create(this.newRow(kind, date, OTHERS), () => new Known());
    } catch (error) {
      if (!(error instanceof Known)) throw error;
      await this.countKnown(kind, date, OTHERS);
    }
  }

  /** From one day to another, both included: how often each came, most often first. */
  async listTop(
    kind: SourceKind,
    from: string,
    to: string,
    most: number,
  ): Promise<{ name: string; count: number }[]> {
    const items = await this.table.all({ ranges: [{ partition: kind, from, to }], order: 'ascending' });
    const sums = new Map<string, number>();
    for (const { SK, count } of items) {
      const name = SK.slice(SK.indexOf('#') + 1);
      sums.set(name, (sums.get(name) ?? 0) + (count as number));
    }
    return [...sums]
      .map(([name, count]) => ({ name: name === OTHERS ? '(other)' : name, count }))
      .sort((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1))
      .slice(0, most);
  }

  /** Whether the name was known. */
  private async countKnown(kind: SourceKind, date: string, name: string): Promise<boolean> {
    const options = { add: { count: 1 }, silent: true };
    try {
      await this.table.update(rowKey(kind, date, name), {}, () => new Unknown(), options);
      return true;
    } catch (error) {
      if (error instanceof Unknown) return false;
      throw error;
    }
  }

  /** Whether there was room for another name. */
  private async countNew(kind: SourceKind, date: string, name: string): Promise<boolean> {
    try {
      await this.table.transact([
        { put: this.newRow(kind, date, name), orElse: () => new Known() },
        {
          update: numberKey(kind, date),
          change: { EntityType: 'SOURCES', ExpiresAt: expiryOf(date) },
          add: { names: 1 },
          atMost: { names: SOURCES_PER_DAY - 1 },
          upsert: true,
          silent: true,
          createdAt: date,
          orElse: () => new Full(),
        },
      ]);
      return true;
    } catch (error) {
      // Somebody else was faster to bring this name.
      if (error instanceof Known) return this.countKnown(kind, date, name);
      if (error instanceof Full) return false;
      throw error;
    }
  }

  /** With its day, and no hour: two that came with one visit would else be told by it. */
  private newRow(kind: SourceKind, date: string, name: string): Item {
    const row = { ...rowKey(kind, date, name), EntityType: 'SOURCE', count: 1, ExpiresAt: expiryOf(date) };
    return { ...this.table.stamp(row), CreatedAt: date, UpdatedAt: date };
  }
}
