import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { AdmissionsService } from './admissions.service.js';
import type { User } from './user.js';
import { UsersRepository } from './users.repository.js';

/** What decides whether a live token still counts. */
export type AccountState = Pick<
  User,
  'role' | 'status' | 'tokensValidAfter' | 'sessionsValidAfter' | 'keptSession' | 'revokedSessions'
>;

const FRESH_MS = 60_000;
const REMEMBERED = 1000;

/**
 * The state of the accounts that are calling, read at most once a minute each. A minute is therefore the bound
 * after which a demotion, a sign-out or a deletion elsewhere is felt here.
 */
@Injectable()
export class AccountStates {
  private readonly remembered = new Map<string, { state: AccountState; at: number }>();
  private changes = 0;

  constructor(
    private readonly users: UsersRepository,
    private readonly admissions: AdmissionsService,
    private readonly clock: Clock,
  ) {}

  /** @param username as the token names the user @throws {NotAdmitted} for somebody whom only the identity provider knows */
  async of(userId: string, username?: string): Promise<AccountState | undefined> {
    const now = this.clock.now().getTime();
    const known = this.remembered.get(userId);
    if (known && now - known.at < FRESH_MS) return known.state;
    const { changes } = this;
    // What is remembered decides for a minute: it must not be older than what `forget` was told.
    const state =
      (await this.users.find(userId, { consistent: true })) ?? (await this.atFirstSight(userId, username));
    if (state && changes === this.changes) this.remember(userId, state, now);
    return state;
  }

  /** What was changed here is felt here at once. */
  forget(userId: string): void {
    this.changes += 1;
    this.remembered.delete(userId);
  }

  /** Nobody is remembered as being nobody. */
  private async atFirstSight(userId: string, username?: string): Promise<AccountState | undefined> {
    await this.admissions.admit(userId, username);
    return this.users.find(userId, { consistent: true });
  }

  private remember(userId: string, state: AccountState, at: number): void {
    this.remembered.delete(userId);
    this.remembered.set(userId, { state, at });
    const [oldest] = this.remembered.keys();
    if (this.remembered.size > REMEMBERED && oldest !== undefined) this.remembered.delete(oldest);
  }
}
