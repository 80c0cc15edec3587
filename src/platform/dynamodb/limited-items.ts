import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { grouped } from '../grouped.js';
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
type CountingWrite = Extract<Write, { readonly update: Key }> & {
  readonly limit: ItemLimit;
  readonly added: number;
};

const ENTITY_TYPE = 'ITEM_COUNT';
const TRIES = 20;

/** The row lets no more be made: it says that there are too many, or is not there. */
class NotCounted extends Error {
  constructor(
    readonly limit: ItemLimit,
    readonly added: number,
  ) {
    super('The items must be counted anew');
  }
}

/** For a transaction that makes some more items of a kind; it must be sent by `LimitedItems.commit`. */
export const counting = (limit: ItemLimit, added = 1): CountingWrite => ({
  limit,
  added,
  update: limit.key,
  change: {},
  add: { count: added },
  atMost: { count: limit.most - added },
  orElse: () => new NotCounted(limit, added),
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
    const distinct = eachItemOnce(writes);
    for (let round = 1; round <= TRIES; round += 1) {
      try {
        return await this.table.commit(distinct);
      } catch (error) {
        if (!(error instanceof NotCounted)) throw error;
        await this.recount(error.limit, error.added);
      }
    }
    throw new Contended();
  }

  /** Unless the row changes meanwhile. @throws what the limit says */
  private async recount(limit: ItemLimit, added: number): Promise<void> {
    // The row first: an item that is made after it was read changes it.
    const row = await this.table.get(limit.key, { consistent: true });
    if (row && this.isTooFresh(row, limit)) throw limit.error();
    const count = await limit.count();
    if (count + added > limit.most) throw limit.error();
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

const isCounting = (write: Write): write is CountingWrite => 'limit' in write;

/** A transaction takes each item once: what is proven or counted several times is proven, and counted, together. */
function eachItemOnce(writes: readonly Write[]): readonly Write[] {
  const counts = [
    ...grouped(writes.filter(isCounting), ({ limit }) => `${limit.key.PK} ${limit.key.SK}`).values(),
  ];
  const together = counts.map((some) =>
    counting(
      (some[0] as CountingWrite).limit,
      some.reduce((sum, { added }) => sum + added, 0),
    ),
  );
  const proven = new Set<string>();
  const others = writes.filter((write) => {
    if (isCounting(write)) return false;
    if (!('check' in write)) return true;
    const name = `${write.check.PK} ${write.check.SK}`;
    if (proven.has(name)) return false;
    proven.add(name);
    return true;
  });
  return [...others, ...together];
}
