import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { neverRefused } from '../dynamodb/faults.js';
import type { Key } from '../dynamodb/item.js';
import { Table } from '../dynamodb/table.js';
import { ApplicationKeys } from '../secrets/application-keys.js';

/** How often something may happen within a window of the clock. */
export interface AttemptLimit {
  /** Names what is counted; stands unhashed in the key. */
  readonly kind: string;
  /** Whom it is counted for, such as an account or a network. Kept as a keyed hash. */
  readonly value: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

/** An attempt within its limit, and how to take it back. */
export interface CountedAttempt {
  readonly allowed: boolean;
  /** Until the window ends, in seconds. */
  readonly retryAfterSeconds: number;
  readonly takeBack: () => Promise<void>;
}

/** Counts attempts in fixed windows of the clock, in the table, so that all processes share the counts. */
@Injectable()
export class AttemptCounts {
  constructor(
    private readonly table: Table,
    private readonly keys: ApplicationKeys,
    private readonly clock: Clock,
  ) {}

  async count({ kind, value, limit, windowSeconds }: AttemptLimit): Promise<CountedAttempt> {
    const now = this.clock.seconds();
    const window = now - (now % windowSeconds);
    const pseudonym = await this.keys.pseudonym(`attempts ${kind}`, value);
    const key: Key = { PK: `RATE#${kind}-${pseudonym}`, SK: String(window) };
    const counted = await this.add(key, 1, window + 2 * windowSeconds);
    return {
      allowed: counted <= limit,
      retryAfterSeconds: window + windowSeconds - now,
      takeBack: async () => {
        await this.add(key, -1, window + 2 * windowSeconds);
      },
    };
  }

  private async add(key: Key, amount: number, ExpiresAt: number): Promise<number> {
    const change = { EntityType: 'ATTEMPTS', ExpiresAt };
    const options = { add: { attempts: amount }, upsert: true, silent: true };
    return (await this.table.update(key, change, neverRefused, options))['attempts'] as number;
  }
}
