import { Injectable } from '@nestjs/common';
import { asSeen, assertSeen, StaleVersion } from './faults.js';
import { type Change, compact, type Item, type Key } from './item.js';
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
      assertSeen(standing?.Version ?? 0, versions);
      if (standing) return this.table.replace(this.table.restamp(standing, change), stale);
      return this.table.create(this.table.stamp(compact({ ...key, EntityType, ...change })), stale);
    };
    return asSeen(versions, attempt);
  }
}
