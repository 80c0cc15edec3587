import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { User } from './user.js';
import { UsersRepository } from './users.repository.js';

/** What decides whether a live token still counts. */
export type AccountState = Pick<User, 'role' | 'status' | 'tokensValidAfter' | 'revokedSessions'>;

const FRESH_MS = 60_000;
const REMEMBERED = 1000;

/**
 * The state of the accounts that are calling, read at most once a minute each. A minute is therefore the bound
 * after which a demotion, a sign-out or a deletion elsewhere is felt here.
 */
@Injectable()
export class AccountStates {
  private readonly remembered = new Map<string, { state: AccountState | undefined; at: number }>();

  constructor(
    private readonly users: UsersRepository,
    private readonly clock: Clock,
  ) {}

  async of(userId: string): Promise<AccountState | undefined> {
    const now = this.clock.now().getTime();
    const known = this.remembered.get(userId);
    if (known && now - known.at < FRESH_MS) return known.state;
    const state = await this.users.find(userId);
    this.remembered.delete(userId);
    this.remembered.set(userId, { state, at: now });
    const [oldest] = this.remembered.keys();
    if (this.remembered.size > REMEMBERED && oldest !== undefined) this.remembered.delete(oldest);
    return state;
  }

  /** What was changed here is felt here at once. */
  forget(userId: string): void {
    this.remembered.delete(userId);
  }
}
