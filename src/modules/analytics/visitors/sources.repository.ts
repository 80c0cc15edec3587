import { Injectable } from '@nestjs/common';
import type { Key } from '../../../platform/dynamodb/item.js';
import { Table } from '../../../platform/dynamodb/table.js';
import { dayOf } from '../../../platform/local-time.js';
import { OTHERS, type SourceKind, SOURCES_PER_DAY } from './sources.js';

const KEPT_DAYS = 400;
const DAY_SECONDS = 86_400;

const rowKey = (kind: SourceKind, date: string, name: string): Key => ({ PK: kind, SK: `${date}#${name}` });
const numberKey = (kind: SourceKind, date: string): Key => ({ PK: `${kind}#NUMBER`, SK: date });

const expiryOf = (date: string): number => (dayOf(date) + KEPT_DAYS) * DAY_SECONDS;

class Unknown extends Error {}
class Full extends Error {}

/** Day totals of paths and of hosts; with whom they came is not kept. */
@Injectable()
export class SourcesRepository {
  /** The day whose number is reached, as far as this process knows. */
  private readonly full = new Map<SourceKind, string>();

  constructor(private readonly table: Table) {}

  /**
   * Adds one to a name of this day, which is new to it at first; once the day has its number of names, to the others.
   * After more than four writes of others in the time of a lost answer its repetition counts twice: unlike visitors.
   */
  async count(kind: SourceKind, date: string, name: string): Promise<void> {
    if (await this.countKnown(kind, date, name)) return;
    if (this.full.get(kind) !== date && (await this.countNew(kind, date, name))) return;
    this.full.set(kind, date);
    if (await this.countKnown(kind, date, OTHERS)) return;
    await this.table.update(
      rowKey(kind, date, OTHERS),
      { EntityType: 'SOURCE', ExpiresAt: expiryOf(date) },
      () => new Full(),
      { add: { count: 1 }, upsert: true, silent: true },
    );
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
    const ExpiresAt = expiryOf(date);
    const row = { ...rowKey(kind, date, name), EntityType: 'SOURCE', count: 1, ExpiresAt };
    try {
      await this.table.transact([
        { put: this.table.stamp(row), orElse: () => new Unknown() },
        {
          update: numberKey(kind, date),
          change: { EntityType: 'SOURCES', ExpiresAt },
          add: { names: 1 },
          atMost: { names: SOURCES_PER_DAY - 1 },
          upsert: true,
          silent: true,
          orElse: () => new Full(),
        },
      ]);
      return true;
    } catch (error) {
      // Somebody else was faster to bring this name.
      if (error instanceof Unknown) return this.countKnown(kind, date, name);
      if (error instanceof Full) return false;
      throw error;
    }
  }
}
