import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { Contended, StaleVersion } from './faults.js';
import type { Item, Key } from './item.js';
import { Table, type Write } from './table.js';

/** How many items of a kind there may be. */
export interface ItemLimit {
  /** Of the row that counts them. */
  readonly key: Key;
  readonly most: number;
  /** How many there are. */
  readonly count: () => Promise<number>;
  /** Seconds that `count` may lag behind, since it reads an index; 0 where it reads consistently. */
  readonly lagSeconds?: number;
  /** When there would be more. */
  readonly error: () => Error;
}

/** A write that counts items that the rest of its transaction makes. */
export type CountingWrite = Extract<Write, { readonly update: Key }> & { readonly limit: ItemLimit };

const ENTITY_TYPE = 'ITEM_COUNT';
const TRIES = 20;

/** The row lets no more be made: it says that there are too many, or is not there. */
export class NotCounted extends Error {
  constructor(readonly limit: ItemLimit) {
    super('The items must be counted anew');
  }
}

/** For a transaction that makes some more items of a kind; it must be sent by `LimitedItems.commit`. */
export const counting = (limit: ItemLimit, added = 1): CountingWrite => ({
  limit,
  update: limit.key,
  change: {},
  add: { count: added },
  atMost: { count: limit.most - added },
  orElse: () => new NotCounted(limit),
});

/**
 * Holds limits exactly, whoever else makes an item at the same moment: each one is counted in the transaction that makes it.
 * Removals are not counted, nor is what expires: the row is never below the truth. Where it says that there are too many,
 * the items are counted, and the row is set to what there is.
 */
@Injectable()
export class LimitedItems {
  constructor(
    private readonly table: Table,
    private readonly clock: Clock,
  ) {}

  /** One write by itself, several as one transaction. @throws what a limit says */
  async commit(writes: readonly Write[]): Promise<void> {
    for (let round = 1; round <= TRIES; round += 1) {
      try {
        return await this.table.commit(writes);
      } catch (error) {
        if (!(error instanceof NotCounted)) throw error;
        await this.recount(error.limit);
      }
    }
    throw new Contended();
  }

  /** Unless the row changes meanwhile. @throws what the limit says */
  private async recount(limit: ItemLimit): Promise<void> {
    // The row first: an item that is made after it was read changes it.
    const row = await this.table.get(limit.key, { consistent: true });
    if (row && this.isTooFresh(row, limit)) throw limit.error();
    const count = await limit.count();
    if (count >= limit.most) throw limit.error();
    try {
      await this.set(limit.key, row, count);
    } catch (error) {
      if (!(error instanceof StaleVersion)) throw error;
    }
  }

  private async set(key: Key, row: Item | undefined, count: number): Promise<void> {
    const stale = () => new StaleVersion();
    if (row) await this.table.replace(this.table.restamp(row, { count }), stale);
    else await this.table.create(this.table.stamp({ ...key, EntityType: ENTITY_TYPE, count }), stale);
  }

  /** What was made just now may not show in an index yet. */
  private isTooFresh({ UpdatedAt }: Item, { lagSeconds = 0 }: ItemLimit): boolean {
    return this.clock.now().getTime() - Date.parse(UpdatedAt) < lagSeconds * 1000;
  }
}
