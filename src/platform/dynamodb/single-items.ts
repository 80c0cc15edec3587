import { Injectable } from '@nestjs/common';
import { StaleVersion, untilCurrent } from './faults.js';
import type { Change, Item, Key } from './item.js';
import { Table } from './table.js';

const stale = () => new StaleVersion();

/** Items of which a deployment has one each, such as its settings; before the first save they are there in version 0. */
@Injectable()
export class SingleItems {
  constructor(private readonly table: Table) {}

  /** @param key of an item @param versions that the client has seen; undefined takes any @throws {StaleVersion} */
  save(key: Key, EntityType: string, change: Change, versions: readonly number[] | undefined): Promise<Item> {
    const attempt = async () => {
      const standing = await this.table.get(key, { consistent: true });
      if (versions && !versions.includes(standing?.Version ?? 0)) throw new StaleVersion();
      if (standing) return this.table.replace(this.table.restamp(standing, change), stale);
      const said = Object.entries(change).filter(([, value]) => value !== null && value !== undefined);
      const item = this.table.stamp({ ...key, EntityType, ...Object.fromEntries(said) });
      return this.table.create(item, stale);
    };
    return versions ? attempt() : untilCurrent(attempt);
  }
}
