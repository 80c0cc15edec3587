import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { StaleVersion } from '../../../platform/dynamodb/faults.js';
import type { Item, Key } from '../../../platform/dynamodb/item.js';
import { Table, type Write } from '../../../platform/dynamodb/table.js';

const stale = () => new StaleVersion();

/** The token itself is known to its user alone: it has 256 bits of its own, so that its hash needs no key. */
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
const lockKey = (hash: string): Key => ({ PK: `CALENDAR#${hash}`, SK: 'LOCK' });
const calendarKey = (userId: string): Key => ({ PK: `USER#${userId}`, SK: 'CALENDAR' });

/** One secret address a user, for their calendar. */
@Injectable()
export class CalendarTokensRepository {
  constructor(private readonly table: Table) {}

  /** In place of the token before, which is worth nothing from then on. @throws {StaleVersion} */
  async issue(userId: string, token: string): Promise<void> {
    const hash = hashOf(token);
    const standing = await this.standingOf(userId);
    const lock = this.table.stamp({ ...lockKey(hash), EntityType: 'CALENDAR_TOKEN', userId });
    await this.table.transact([
      { put: lock, orElse: stale },
      standing
        ? { replace: this.table.restamp(standing, { hash }), orElse: stale }
        : { put: this.table.stamp({ ...calendarKey(userId), EntityType: 'CALENDAR', hash }), orElse: stale },
      ...(standing ? [this.endOf(standing)] : []),
    ]);
  }

  /** @returns whether there was one @throws {StaleVersion} */
  async revoke(userId: string): Promise<boolean> {
    const standing = await this.standingOf(userId);
    if (!standing) return false;
    const where = { hash: standing['hash'] as string };
    await this.table.transact([{ remove: standing, where, orElse: stale }, this.endOf(standing)]);
    return true;
  }

  /** Whose calendar a token opens. */
  async ownerOf(token: string): Promise<string | undefined> {
    const lock = await this.table.get(lockKey(hashOf(token)), { consistent: true });
    return lock?.['userId'] as string | undefined;
  }

  private standingOf(userId: string): Promise<Item | undefined> {
    return this.table.get(calendarKey(userId), { consistent: true });
  }

  private endOf(standing: Item): Write {
    return { remove: lockKey(standing['hash'] as string), orElse: stale };
  }
}
