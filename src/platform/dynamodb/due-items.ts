import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { JsonLogger } from '../logger.js';
import { someAtOnce } from '../some-at-once.js';
import type { Item } from './item.js';
import { Table } from './table.js';

/** Spread over so many partitions, since at one midnight many are due and a partition takes 1,000 writes a second. */
const SHARDS = 4;
const WORKED_AT_ONCE = 8;
const READ_AT_ONCE = 100;

/** Items that wait for an instant, in a sparse index: `<name>#<shard>` / `<instant>#<rest>`. */
export interface DueQueue {
  readonly index: 'GSI1' | 'GSI2';
  readonly name: string;
}

/** Where an item waits. @param userId chooses the shard @param rest makes the place the item's own */
export function placeIn({ index, name }: DueQueue, userId: string, dueAt: Date, rest: string) {
  const shard = Number.parseInt(userId.slice(-2), 16) % SHARDS || 0;
  return { [`${index}PK`]: `${name}#${shard}`, [`${index}SK`]: `${dueAt.toISOString()}#${rest}` };
}

/** The change that takes an item out of a queue. */
export const outOf = ({ index }: DueQueue) => ({ [`${index}PK`]: null, [`${index}SK`]: null });

/** Some of the items could not be worked off; each is in the log and still waits. */
export class WorkLeft extends Error {
  override readonly name = 'WorkLeft';
}

/** What a run over a queue came to. */
export interface DueRun {
  readonly due: number;
  /** Of which so many were there for nothing more to be done. */
  readonly done: number;
}

/** Works off what is due. What it costs grows with that, and not with what else there is. */
@Injectable()
export class DueItems {
  constructor(
    private readonly table: Table,
    private readonly logger: JsonLogger,
    private readonly clock: Clock,
  ) {}

  /**
   * Hands every item whose instant has come to `work`, oldest first, eight at a time. `work` takes the item out of the
   * queue, or moves it on, and says whether it did anything. One that fails holds up no other.
   * @throws {WorkLeft} after the last one, for the scheduler to try again
   */
  async each(queue: DueQueue, work: (item: Item) => Promise<boolean>): Promise<DueRun> {
    const now = this.clock.now().toISOString();
    let [due, done, failed] = [0, 0, 0];
    const attempt = async (item: Item) => {
      due += 1;
      try {
        if (await work(item)) done += 1;
      } catch (error) {
        failed += 1;
        const { name, message, stack } = error as Error;
        this.logger.write('error', { message: `${queue.name}: ${message}`, cause: name, stack });
      }
    };
    for (let shard = 0; shard < SHARDS; shard += 1) {
      const ranges = [{ index: queue.index, partition: `${queue.name}#${shard}`, to: now }];
      let after: string | undefined;
      do {
        const page = await this.table.page({ ranges, order: 'ascending' }, { limit: READ_AT_ONCE, after });
        await someAtOnce(page.items, WORKED_AT_ONCE, attempt);
        after = page.next ?? undefined;
      } while (after !== undefined);
    }
    if (failed > 0) throw new WorkLeft(`${failed} of ${due} in ${queue.name} were left for the next run`);
    return { due, done };
  }
}
