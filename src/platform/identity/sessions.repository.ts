import { Injectable } from '@nestjs/common';
import type { Item, Key, Range } from '../dynamodb/item.js';
import { Table, type Write } from '../dynamodb/table.js';
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
  /** The network it began in, without the part that names a single machine: `203.0.113.0/24`. */
  readonly network: string | null;
}

/** The refresh token that continues a session, as a hash, and those that were used lately. */
export interface RefreshableRow {
  readonly session: Session;
  readonly tokenHash: string;
  /** Newest first. */
  readonly used: readonly UsedToken[];
}

export interface UsedToken {
  readonly hash: string;
  /** Seconds since the epoch. */
  readonly at: number;
}

export interface NewSession {
  readonly sub: string;
  readonly id: string;
  /** Of the one refresh token that continues it, where the tokens are this API's own. */
  readonly tokenHash?: string;
  readonly startedAt: number;
  readonly userAgent: string | undefined;
  readonly network?: string | undefined;
}

const sessionKey = (sub: string, id: string): Key => ({ PK: `USER#${sub}`, SK: `SESSION#${id}` });

const rangeOf = (sub: string): Range => ({ partition: `USER#${sub}`, prefix: 'SESSION#' });

const fromItem = (item: Item): Session => ({
  id: item.SK.slice('SESSION#'.length),
  startedAt: item['startedAt'] as number,
  lastUsedAt: (item['lastUsedAt'] as number | undefined) ?? (item['startedAt'] as number),
  expiresAt: item.ExpiresAt ?? 0,
  userAgent: (item['userAgent'] as string | undefined) ?? null,
  network: (item['network'] as string | undefined) ?? null,
});

const refreshable = (item: Item): RefreshableRow => ({
  session: fromItem(item),
  tokenHash: item['tokenHash'] as string,
  used: (item['usedTokens'] as readonly UsedToken[] | undefined) ?? [],
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

  creation({ sub, id, tokenHash, startedAt, userAgent, network }: NewSession) {
    const put = this.table.stamp({
      ...sessionKey(sub, id),
      EntityType: 'SESSION',
      tokenHash,
      startedAt,
      userAgent: userAgent?.slice(0, 200),
      network,
      ExpiresAt: startedAt + SESSION_LIFE_SECONDS,
    });
    return { put, orElse: () => new RefreshInvalid() } satisfies Write;
  }

  async create(session: NewSession): Promise<void> {
    const { put, orElse } = this.creation(session);
    await this.table.create(put, orElse);
  }

  /** A session that has begun elsewhere, as at a user pool; one that is known already stays. */
  async noteExisting(session: NewSession): Promise<void> {
    try {
      await this.create(session);
    } catch (error) {
      if (!(error instanceof RefreshInvalid)) throw error;
    }
  }

  async findRefreshable(sub: string, id: string): Promise<RefreshableRow | undefined> {
    const item = await this.table.get(sessionKey(sub, id), { consistent: true });
    return item && refreshable(item);
  }

  /** Exchanges a token for the next one, unless another request has. @returns the row as it is then; undefined for a session that has ended */
  async rotate(
    sub: string,
    { session: { id }, tokenHash }: RefreshableRow,
    next: { readonly tokenHash: string; readonly used: readonly UsedToken[]; readonly lastUsedAt: number },
  ): Promise<{ readonly rotated: boolean; readonly row: RefreshableRow } | undefined> {
    const { used: usedTokens, ...change } = next;
    try {
      const options = { where: { tokenHash } };
      const item = await this.table.update(sessionKey(sub, id), { ...change, usedTokens }, refusal, options);
      return { rotated: true, row: refreshable(item) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return error.standing && { rotated: false, row: refreshable(error.standing) };
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
