import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import type { Item, Key } from '../../dynamodb/item.js';
import { Table } from '../../dynamodb/table.js';
import { ApplicationKeys } from '../../secrets/application-keys.js';
import { TooManyFailures } from '../identity-errors.js';

const FREE_FAILURES = 5;
const LONGEST_SECONDS = 15 * 60;
const RACES = 5;

/** Seconds to wait after so many failures: Cognito's rule, 1 s after the fifth, doubled by each further one. */
export function delayAfter(failures: number): number {
  return failures < FREE_FAILURES ? 0 : Math.min(2 ** (failures - FREE_FAILURES), LONGEST_SECONDS);
}

class Raced extends Error {}

/** An attempt that was counted, and the row before it. */
interface Counted {
  readonly key: Key;
  readonly before: Item | undefined;
  readonly failures: number;
}

const failuresOf = (item: Item | undefined) => (item?.['failures'] as number | undefined) ?? 0;

/**
 * Slows down guessing, per account and per address, and locks nobody out for good: what is not tried for
 * 15 minutes is forgotten. An attempt is counted as failed before the password is looked at, so that
 * attempts in parallel cannot slip through, and is taken back when it succeeds.
 */
@Injectable()
export class SignInBackoff {
  constructor(
    private readonly table: Table,
    private readonly keys: ApplicationKeys,
    private readonly clock: Clock,
  ) {}

  /** @throws {TooManyFailures} while one of the two has to wait. */
  async begin(account: string, address: string): Promise<{ succeeded: () => Promise<void> }> {
    const accountKey = await this.key('account', account);
    const addressKey = await this.key('address', address);
    const standing = await this.table.getMany([accountKey, addressKey], { consistent: true });
    const [ofAccount, ofAddress] = [accountKey, addressKey].map(({ PK }) =>
      standing.find((item) => item.PK === PK),
    );
    // Neither counts an attempt that the other one refuses.
    for (const item of [ofAccount, ofAddress]) this.assertNotWaiting(item);
    const countedForAccount = await this.count(accountKey, ofAccount);
    let countedForAddress: Counted;
    try {
      countedForAddress = await this.count(addressKey, ofAddress);
    } catch (error) {
      await this.takeBack(countedForAccount);
      throw error;
    }
    return {
      succeeded: async () => {
        await Promise.all([this.table.discard(accountKey), this.takeBack(countedForAddress)]);
      },
    };
  }

  /** Forgets the failures of an account that is no more. */
  async forget(sub: string): Promise<void> {
    for (const account of [sub, `second factor of ${sub}`]) {
      await this.table.discard(await this.key('account', account));
    }
  }

  private async count(key: Key, known: Item | undefined): Promise<Counted> {
    let standing = known;
    for (let race = 0; race < RACES; race += 1) {
      this.assertNotWaiting(standing);
      const failures = failuresOf(standing);
      const now = this.clock.now().getTime();
      const next = {
        failures: failures + 1,
        lastFailureAt: now,
        ExpiresAt: Math.ceil(now / 1000) + LONGEST_SECONDS,
      };
      try {
        await (standing
          ? this.table.update(key, next, () => new Raced(), { where: { failures } })
          : this.table.create(
              this.table.stamp({ ...key, EntityType: 'BACKOFF', ...next }),
              () => new Raced(),
            ));
        return { key, before: standing, failures: failures + 1 };
      } catch (error) {
        if (!(error instanceof Raced)) throw error;
        standing = await this.table.get(key, { consistent: true });
      }
    }
    throw new TooManyFailures(1);
  }

  private assertNotWaiting(standing: Item | undefined): void {
    const waited = this.clock.now().getTime() - ((standing?.['lastFailureAt'] as number | undefined) ?? 0);
    const missing = delayAfter(failuresOf(standing)) * 1000 - waited;
    if (missing > 0) throw new TooManyFailures(Math.ceil(missing / 1000));
  }

  /** As if the attempt had not been; where others came after it, one failure less. */
  private async takeBack({ key, before, failures }: Counted): Promise<void> {
    const where = { failures };
    const { lastFailureAt, ExpiresAt } = (before ?? {}) as Partial<Item>;
    const asBefore = before
      ? this.table.update(key, { failures: failures - 1, lastFailureAt, ExpiresAt }, () => new Raced(), {
          where,
        })
      : this.table.remove(key, () => new Raced(), { where });
    try {
      await asBefore;
    } catch (error) {
      unlessRaced(error);
      const options = { add: { failures: -1 }, silent: true };
      await this.table.update(key, {}, () => new Raced(), options).catch(unlessRaced);
    }
  }

  private async key(kind: 'account' | 'address', value: string): Promise<Key> {
    return {
      PK: `RATE#${kind}-${await this.keys.pseudonym(`sign-in ${kind}`, value)}#failures`,
      SK: 'BACKOFF',
    };
  }
}

function unlessRaced(error: unknown): void {
  if (!(error instanceof Raced)) throw error;
}
