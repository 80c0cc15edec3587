import { Injectable } from '@nestjs/common';
import { asSeen, assertSeen, type SeenVersions, StaleVersion } from './faults.js';
import { type Change, compact, type Item, type Key } from './item.js';
import { Table } from './table.js';

const stale = () => new StaleVersion();

/** Items of which a deployment, or a user, has one each, such as settings; before the first save they are there in version 0. */
@Injectable()
export class SingleItems {
  constructor(private readonly table: Table) {}

  /** @param key of an item @param versions that the client has seen; undefined takes any @throws {StaleVersion} */
  save(key: Key, EntityType: string, change: Change, versions: SeenVersions): Promise<Item> {
    return this.change(key, EntityType, () => change, versions);
  }

  /**
   * As `save`, where what comes next follows from what stands, or from that nothing does.
   * @param create makes the first version; must throw a StaleVersion when somebody else has
   * @throws {StaleVersion}
   */
  change(
    key: Key,
    EntityType: string,
    next: (standing: Item | undefined) => Change | Promise<Change>,
    versions: SeenVersions,
    create = (item: Item): Promise<Item> => this.table.create(item, stale),
  ): Promise<Item> {
    const attempt = async () => {
      const standing = await this.table.get(key, { consistent: true });
      assertSeen(standing?.Version ?? 0, versions);
      const change = await next(standing);
      if (standing) return this.table.replace(this.table.restamp(standing, change), stale);
      return create(this.table.stamp(compact({ ...key, EntityType, ...change })));
    };
    return asSeen(versions, attempt);
  }
}
