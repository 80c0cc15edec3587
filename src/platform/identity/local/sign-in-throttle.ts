import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { Clock } from '../../clock.js';
import type { Item, Key } from '../../dynamodb/item.js';
import { Table } from '../../dynamodb/table.js';
import { ApplicationKeys } from '../../secrets/application-keys.js';
import { TooManyFailures } from '../identity-errors.js';
import { AttemptCounts, type CountedAttempt } from '../attempt-counts.js';
import { KnownPlacesRepository } from '../known-places.repository.js';

const LONGEST_SECONDS = 15 * 60;
const RACES = 5;
/** Failures of a network within 15 minutes, as a multiple of `freeFailures`: enough for an office. */
const NETWORK_FACTOR = 20;
const NETWORK_SECONDS = 15 * 60;
/** Failures on an account within an hour, from all networks from which it has not signed in. */
const ACCOUNT_FACTOR = 400;
const ACCOUNT_SECONDS = 3600;

/** Seconds to wait after so many failures: 1 s after the last free one, doubled by each further one, at most 15 minutes. */
export function delayAfter(failures: number, free: number): number {
  return failures < free ? 0 : Math.min(2 ** (failures - free), LONGEST_SECONDS);
}

class Raced extends Error {}

const failuresOf = (item: Item | undefined) => (item?.['failures'] as number | undefined) ?? 0;

/** Somebody shows a password. */
export interface PasswordAttempt {
  /** Whose account it is, if it is anybody's. */
  readonly sub: string | undefined;
  /** What failures are counted for: the address or the username that was typed, or whose account it is. */
  readonly account: string;
  /** The client's network. */
  readonly address: string;
}

/** An attempt that counts as failed until it is said to have succeeded. */
export interface Attempt {
  readonly succeeded: () => Promise<void>;
}

/**
 * Slows down guessing without locking out the person whose account it is. Failures are counted for an account and a
 * network together, so that strangers elsewhere do not slow down anybody; for a network; and for an account over all
 * networks from which it has not signed in within 90 days, with a limit that is much higher. An attempt is counted as
 * failed before the password is looked at, so that attempts in parallel cannot exceed the limits.
 */
@Injectable()
export class SignInThrottle {
  private readonly free: number;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly table: Table,
    private readonly keys: ApplicationKeys,
    private readonly clock: Clock,
    private readonly counts: AttemptCounts,
    private readonly places: KnownPlacesRepository,
  ) {
    this.free = config.auth.freeFailures;
  }

  /** @throws {TooManyFailures} */
  async beginPassword({ sub, account, address }: PasswordAttempt): Promise<Attempt> {
    const key = await this.failuresKey(`${account} ${address}`);
    return this.begin(sub ?? account, key, { account, address });
  }

  /**
   * For codes of a second factor, of which there are only a million: all networks from which the account has not signed
   * in share one count.
   * @throws {TooManyFailures}
   */
  async beginSecondFactor(sub: string, address: string): Promise<Attempt> {
    const known = await this.places.isKnownNetwork(sub, address);
    const key = await this.failuresKey(`second factor of ${sub}${known ? ` ${address}` : ''}`);
    return this.begin(sub, key, { account: `second factor of ${sub}`, address });
  }

  private async begin(
    sub: string,
    key: Key,
    { account, address }: { account: string; address: string },
  ): Promise<Attempt> {
    const placeKeys = await this.places.networkKeys(sub, address);
    const found = await this.table.getMany([key, ...placeKeys], { consistent: true });
    const failures = found.find(({ PK }) => PK === key.PK);
    this.assertNotWaiting(failures);
    const known = found.some(({ PK }) => PK !== key.PK);
    const counted = await this.countWindows(account, address, known);
    try {
      await this.count(key, failures);
    } catch (error) {
      await takeBackAll(counted);
      throw error;
    }
    return {
      succeeded: async () => {
        await Promise.all([this.table.discard(key), takeBackAll(counted)]);
      },
    };
  }

  /** Neither counts an attempt that the other one refuses. */
  private async countWindows(
    account: string,
    address: string,
    known: boolean,
  ): Promise<readonly CountedAttempt[]> {
    const limits = [
      { kind: 'network', value: address, limit: this.free * NETWORK_FACTOR, windowSeconds: NETWORK_SECONDS },
      ...(known
        ? []
        : [
            {
              kind: 'account',
              value: account,
              limit: this.free * ACCOUNT_FACTOR,
              windowSeconds: ACCOUNT_SECONDS,
            },
          ]),
    ];
    const counted = await Promise.all(limits.map((limit) => this.counts.count(limit)));
    const refused = counted.filter(({ allowed }) => !allowed);
    if (refused.length === 0) return counted;
    await takeBackAll(counted);
    throw new TooManyFailures(Math.max(...refused.map(({ retryAfterSeconds }) => retryAfterSeconds)));
  }

  private async count(key: Key, known: Item | undefined): Promise<void> {
    let found = known;
    for (let race = 0; race < RACES; race += 1) {
      this.assertNotWaiting(found);
      const failures = failuresOf(found);
      const now = this.clock.now().getTime();
      const next = {
        failures: failures + 1,
        lastFailureAt: now,
        ExpiresAt: Math.ceil(now / 1000) + LONGEST_SECONDS,
      };
      try {
        await (found
          ? this.table.update(key, next, () => new Raced(), { where: { failures } })
          : this.table.create(
              this.table.stamp({ ...key, EntityType: 'BACKOFF', ...next }),
              () => new Raced(),
            ));
        return;
      } catch (error) {
        if (!(error instanceof Raced)) throw error;
        found = await this.table.get(key, { consistent: true });
      }
    }
    throw new TooManyFailures(1);
  }

  private assertNotWaiting(found: Item | undefined): void {
    const waited = this.clock.now().getTime() - ((found?.['lastFailureAt'] as number | undefined) ?? 0);
    const missing = delayAfter(failuresOf(found), this.free) * 1000 - waited;
    if (missing > 0) throw new TooManyFailures(Math.ceil(missing / 1000));
  }

  private async failuresKey(value: string): Promise<Key> {
    return {
      PK: `RATE#account-${await this.keys.pseudonym('sign-in account', value)}#failures`,
      SK: 'BACKOFF',
    };
  }
}

async function takeBackAll(counted: readonly CountedAttempt[]): Promise<void> {
  await Promise.all(counted.map(({ takeBack }) => takeBack()));
}
