import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Item, Key } from '../../platform/dynamodb/item.js';
import { Table } from '../../platform/dynamodb/table.js';
import { IdSource } from '../../platform/ids.js';

const KEPT_SECONDS = 24 * 3600;
/** Longer than any request may run (Lambda ends at 29 s). */
const LOCK_SECONDS = 30;

/** What was answered under a key. */
export interface StoredAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The right to run a request, and from what its ids follow. */
export interface Claim {
  readonly key: Key;
  readonly lock: string;
  readonly seed: string;
  readonly startedAt: number;
  /** Whether a run before this one may have done something. */
  readonly resumed: boolean;
}

export type ClaimResult =
  | { readonly claim: Claim }
  | { readonly answer: StoredAnswer }
  | { readonly refused: 'mismatch' }
  | { readonly refused: 'in-progress'; readonly retryAfterSeconds: number };

class Standing extends Error {
  constructor(readonly item: Item | undefined) {
    super('The key is in use');
  }
}

/** The rows of Idempotency-Key, one per user, route and key. */
@Injectable()
export class IdempotencyRepository {
  constructor(
    private readonly table: Table,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  removeAll(userId: string): Promise<number> {
    return this.table.discardAll({ partition: `USER#${userId}`, prefix: 'IDEMP#' });
  }

  async claim(
    userId: string,
    route: string,
    idempotencyKey: string,
    fingerprint: string,
  ): Promise<ClaimResult> {
    const hash = createHash('sha256').update(`${route}\0${idempotencyKey}`).digest('hex');
    const key = { PK: `USER#${userId}`, SK: `IDEMP#${hash}` };
    const now = this.clock.now().getTime();
    const claim: Claim = { key, lock: randomUUID(), seed: this.ids.seed(), startedAt: now, resumed: false };
    const row = this.table.stamp({
      ...key,
      EntityType: 'IDEMPOTENCY',
      fingerprint,
      seed: claim.seed,
      startedAt: now,
      lock: claim.lock,
      lockedUntil: now + LOCK_SECONDS * 1000,
      ExpiresAt: Math.ceil(now / 1000) + KEPT_SECONDS,
    });
    try {
      await this.table.create(row, (item) => new Standing(item));
      return { claim };
    } catch (error) {
      if (error instanceof Standing && error.item) return this.inspect(error.item, claim, fingerprint, now);
      throw error;
    }
  }

  /** Keeps the answer for those who ask again. */
  async complete({ key, lock }: Claim, answer: StoredAnswer): Promise<void> {
    await this.table.update(key, { answer, lock: null, lockedUntil: null }, (item) => new Standing(item), {
      where: { lock },
    });
  }

  /** Frees the key: nothing was made, and another request may use it. */
  async release({ key, lock }: Claim): Promise<void> {
    await this.table.remove(key, (item) => new Standing(item), { where: { lock } });
  }

  /** Lets the same request be run again at once: it may have been half done, so its ids stay reserved. */
  async unlock({ key, lock }: Claim): Promise<void> {
    await this.table.update(key, { lockedUntil: 0 }, (item) => new Standing(item), { where: { lock } });
  }

  private async inspect(row: Item, claim: Claim, fingerprint: string, now: number): Promise<ClaimResult> {
    if (row['fingerprint'] !== fingerprint) return { refused: 'mismatch' };
    if (row['answer']) return { answer: row['answer'] as StoredAnswer };
    const missing = (row['lockedUntil'] as number) - now;
    if (missing > 0) return { refused: 'in-progress', retryAfterSeconds: Math.ceil(missing / 1000) };
    try {
      const where = { lock: row['lock'] as string };
      const change = { lock: claim.lock, lockedUntil: now + LOCK_SECONDS * 1000 };
      await this.table.update(claim.key, change, (item) => new Standing(item), { where });
    } catch (error) {
      if (error instanceof Standing) return { refused: 'in-progress', retryAfterSeconds: 1 };
      throw error;
    }
    return {
      claim: { ...claim, resumed: true, seed: row['seed'] as string, startedAt: row['startedAt'] as number },
    };
  }
}
