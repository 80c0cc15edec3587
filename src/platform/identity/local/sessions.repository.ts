import { Injectable } from '@nestjs/common';
import type { Item, Key } from '../../dynamodb/item.js';
import { Table } from '../../dynamodb/table.js';
import { RefreshInvalid } from '../identity-provider.js';

/** Refresh tokens live 30 days from the sign-in, however often they are rotated. */
const SESSION_LIFE_SECONDS = 30 * 24 * 3600;

/** A sign-in, and the hash of the one refresh token that continues it. */
export interface Session {
  readonly id: string;
  readonly tokenHash: string;
  /** Seconds since the epoch. */
  readonly startedAt: number;
  readonly expiresAt: number;
}

const sessionKey = (sub: string, id: string): Key => ({ PK: `USER#${sub}`, SK: `SESSION#${id}` });

const fromItem = (item: Item): Session => ({
  id: item.SK.slice('SESSION#'.length),
  tokenHash: item['tokenHash'] as string,
  startedAt: item['startedAt'] as number,
  expiresAt: item.ExpiresAt ?? 0,
});

/** A condition that did not hold, for this file alone. */
class Refused extends Error {
  constructor(readonly standing: Item | undefined) {
    super('The session is not as expected');
  }
}

const refusal = (standing: Item | undefined) => new Refused(standing);

@Injectable()
export class SessionsRepository {
  constructor(private readonly table: Table) {}

  async create(
    sub: string,
    id: string,
    tokenHash: string,
    now: number,
    userAgent: string | undefined,
  ): Promise<void> {
    const item = this.table.stamp({
      ...sessionKey(sub, id),
      EntityType: 'SESSION',
      tokenHash,
      startedAt: now,
      userAgent: userAgent?.slice(0, 200),
      ExpiresAt: now + SESSION_LIFE_SECONDS,
    });
    await this.table.create(item, () => new RefreshInvalid());
  }

  /** Exchanges the token's hash for the next one, or says why it cannot. */
  async rotate(
    sub: string,
    id: string,
    tokenHash: string,
    nextHash: string,
  ): Promise<Session | 'gone' | 'other-token'> {
    try {
      const where = { tokenHash };
      return fromItem(
        await this.table.update(sessionKey(sub, id), { tokenHash: nextHash }, refusal, { where }),
      );
    } catch (error) {
      if (error instanceof Refused) return error.standing ? 'other-token' : 'gone';
      throw error;
    }
  }

  /** Ends a session; one that has ended already is fine. */
  async remove(sub: string, id: string): Promise<void> {
    await this.table.discard(sessionKey(sub, id));
  }

  async removeAll(sub: string): Promise<void> {
    const sessions = await this.table.all({
      ranges: [{ partition: `USER#${sub}`, prefix: 'SESSION#' }],
      order: 'ascending',
    });
    await Promise.all(sessions.map((item) => this.table.discard(item)));
  }
}
