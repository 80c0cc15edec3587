import { Injectable } from '@nestjs/common';
import { asSeen, assertSeen, type SeenVersions, StaleVersion } from './faults.js';
import { type Change, changesNothing, compact, type Item, type Key } from './item.js';
import { Table } from './table.js';

const stale = () => new StaleVersion();

/** Items of which a deployment, or a user, has one each, such as settings; before the first save they are there in version 0. */
@Injectable()
export class SingleItems {
  constructor(private readonly table: Table) {}

  /**
   * Changes fields of an item. What it shows already is no change, also where that is a default.
   * @param shown what the item shows, or what is shown before the first save
   * @param versions that the client has seen; undefined takes any
   * @returns the item, or undefined where nothing was ever saved
   * @throws {StaleVersion}
   */
  save(
    key: Key,
    EntityType: string,
    change: Change,
    { shown, versions }: { shown: (standing: Item | undefined) => object; versions: SeenVersions },
  ): Promise<Item | undefined> {
    return asSeen(versions, async () => {
      const standing = await this.read(key, versions);
      const before = shown(standing) as Change;
      const differing = Object.entries(change).filter(
        ([name, value]) => !changesNothing(before, { [name]: value }),
      );
      if (differing.length === 0) return standing;
      return this.write(key, EntityType, standing, Object.fromEntries(differing));
    });
  }

  /**
   * Changes an item by what follows from what stands, or from that nothing does.
   * @param create makes the first version; must throw a StaleVersion when somebody else has
   * @throws {StaleVersion}
   */
  change(
    key: Key,
    EntityType: string,
    next: (standing: Item | undefined) => Change | Promise<Change>,
    versions: SeenVersions,
    create?: (item: Item) => Promise<Item>,
  ): Promise<Item> {
    return asSeen(versions, async () => {
      const standing = await this.read(key, versions);
      return this.write(key, EntityType, standing, await next(standing), create);
    });
  }

  private async read(key: Key, versions: SeenVersions): Promise<Item | undefined> {
    const standing = await this.table.get(key, { consistent: true });
    assertSeen(standing?.Version ?? 0, versions);
    return standing;
  }

  private async write(
    key: Key,
    EntityType: string,
    standing: Item | undefined,
    change: Change,
    create = (item: Item): Promise<Item> => this.table.create(item, stale),
  ): Promise<Item> {
    if (!standing) return create(this.table.stamp(compact({ ...key, EntityType, ...change })));
    if (changesNothing(standing, change)) return standing;
    return this.table.replace(this.table.restamp(standing, change), stale);
  }
}
