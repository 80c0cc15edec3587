import { Injectable } from '@nestjs/common';
import { StaleVersion } from '../../../platform/dynamodb/faults.js';
import type { Key } from '../../../platform/dynamodb/item.js';
import { Table } from '../../../platform/dynamodb/table.js';
import { dayOf } from '../../../platform/local-time.js';
import { OTHER_SOURCES, type SourceKind, SOURCES_PER_DAY } from './sources.js';

const KEPT_DAYS = 400;
const DAY_SECONDS = 86_400;

const rowKey = (kind: SourceKind, date: string, name: string): Key => ({ PK: kind, SK: `${date}#${name}` });
const numberKey = (kind: SourceKind, date: string): Key => ({ PK: `${kind}#NUMBER`, SK: date });

class Unknown extends Error {}
class Full extends Error {}

const stale = () => new StaleVersion();

/** Day totals of paths and of hosts; with whom they came is not kept. */
@Injectable()
export class SourcesRepository {
  constructor(private readonly table: Table) {}

  /** Adds one to a name of this day, which is new to it at first; once the day has its number of names, to the others. */
  async count(kind: SourceKind, date: string, name: string): Promise<void> {
    try {
      await this.countKnown(kind, date, name);
    } catch (error) {
      if (!(error instanceof Unknown)) throw error;
      await this.countNew(kind, date, name);
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
      .map(([name, count]) => ({ name, count }))
      .sort((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1))
      .slice(0, most);
  }

  private async countKnown(kind: SourceKind, date: string, name: string): Promise<void> {
    const options = { add: { count: 1 }, silent: true };
    await this.table.update(rowKey(kind, date, name), {}, () => new Unknown(), options);
  }

  private async countNew(kind: SourceKind, date: string, name: string): Promise<void> {
    const ExpiresAt = (dayOf(date) + KEPT_DAYS) * DAY_SECONDS;
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
    } catch (error) {
      // Somebody else was faster to bring this name.
      if (error instanceof Unknown) return this.countKnown(kind, date, name);
      if (!(error instanceof Full)) throw error;
      await this.countOther(kind, date, ExpiresAt);
    }
    return undefined;
  }

  private countOther(kind: SourceKind, date: string, ExpiresAt: number): Promise<void> {
    return this.table.transact([
      {
        update: rowKey(kind, date, OTHER_SOURCES),
        change: { EntityType: 'SOURCE', ExpiresAt },
        add: { count: 1 },
        upsert: true,
        silent: true,
        orElse: stale,
      },
    ]);
  }
}
