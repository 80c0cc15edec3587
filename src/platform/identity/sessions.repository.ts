import { Injectable } from '@nestjs/common';
import type { Item, Key, Range } from '../dynamodb/item.js';
import { Table } from '../dynamodb/table.js';
import { RefreshInvalid } from './identity-errors.js';

/** Refresh tokens live 30 days from the sign-in, however often they are rotated. */
export const SESSION_LIFE_SECONDS = 30 * 24 * 3600;

/** A sign-in: `origin_jti` of the tokens that came of it. */
export interface Session {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly startedAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
  readonly userAgent: string | null;
}

export interface NewSession {
  readonly sub: string;
  readonly id: string;
  /** Of the one refresh token that continues it, where the tokens are this API's own. */
  readonly tokenHash?: string;
  readonly startedAt: number;
  readonly userAgent: string | undefined;
}

const sessionKey = (sub: string, id: string): Key => ({ PK: `USER#${sub}`, SK: `SESSION#${id}` });

const rangeOf = (sub: string): Range => ({ partition: `USER#${sub}`, prefix: 'SESSION#' });

const fromItem = (item: Item): Session => ({
  id: item.SK.slice('SESSION#'.length),
  startedAt: item['startedAt'] as number,
  lastUsedAt: (item['lastUsedAt'] as number | undefined) ?? (item['startedAt'] as number),
  expiresAt: item.ExpiresAt ?? 0,
  userAgent: (item['userAgent'] as string | undefined) ?? null,
});

/** A condition that did not hold, for this file alone. */
class Refused extends Error {
  constructor(readonly standing: Item | undefined) {
    super('The session is not as expected');
  }
}

const refusal = (standing: Item | undefined) => new Refused(standing);

/** Sessions of all providers: rows by `origin_jti`, so that each can be seen and ended. */
@Injectable()
export class SessionsRepository {
  constructor(private readonly table: Table) {}

  async create({ sub, id, tokenHash, startedAt, userAgent }: NewSession): Promise<void> {
    const item = this.table.stamp({
      ...sessionKey(sub, id),
      EntityType: 'SESSION',
      tokenHash,
      startedAt,
      userAgent: userAgent?.slice(0, 200),
      ExpiresAt: startedAt + SESSION_LIFE_SECONDS,
    });
    await this.table.create(item, () => new RefreshInvalid());
  }

  /** Exchanges the token's hash for the next one, or says why it cannot. */
  async rotate(
    sub: string,
    id: string,
    [tokenHash, nextHash]: readonly [string, string],
    now: number,
  ): Promise<Session | 'gone' | 'other-token'> {
    const change = { tokenHash: nextHash, lastUsedAt: now };
    try {
      return fromItem(
        await this.table.update(sessionKey(sub, id), change, refusal, { where: { tokenHash } }),
      );
    } catch (error) {
      if (error instanceof Refused) return error.standing ? 'other-token' : 'gone';
      throw error;
    }
  }

  /** Notes a use of a session whose tokens another provider rotates; false when it has ended. */
  async use(sub: string, id: string, now: number): Promise<boolean> {
    try {
      await this.table.update(sessionKey(sub, id), { lastUsedAt: now }, refusal);
      return true;
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
  }

  async find(sub: string, id: string): Promise<Session | undefined> {
    const item = await this.table.get(sessionKey(sub, id), { consistent: true });
    return item && fromItem(item);
  }

  /** All of somebody's, newest first. */
  async list(sub: string): Promise<Session[]> {
    const items = await this.table.all({ ranges: [rangeOf(sub)], order: 'ascending', consistent: true });
    return items.map(fromItem).sort((one, other) => other.startedAt - one.startedAt);
  }

  /** Ends a session; one that has ended already is fine. */
  async remove(sub: string, id: string): Promise<void> {
    await this.table.discard(sessionKey(sub, id));
  }

  /** @returns how many there were */
  async removeAll(sub: string): Promise<number> {
    return this.table.discardAll(rangeOf(sub));
  }
}
