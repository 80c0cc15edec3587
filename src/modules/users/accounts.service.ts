import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import type { Role } from '../../http/access/access.decorators.js';
import { Clock } from '../../platform/clock.js';
import type { Write } from '../../platform/dynamodb/table.js';
import type { Subject } from '../../platform/identity/identity-provider.js';
import { AccountStates } from './account-states.js';
import { type NewUser, OwnerExists, UsersRepository } from './users.repository.js';

const FORGET_REVOCATIONS_ABOVE = 20;

/** What signing in and out needs to know of users, and changes in them. */
@Injectable()
export class AccountsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly users: UsersRepository,
    private readonly states: AccountStates,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a user with the role that is theirs: the address in OWNER_EMAIL owns the deployment; where none is set
   * and on a laptop, whoever comes first. `save` writes the rows together with the account.
   */
  async create(user: Omit<NewUser, 'role'>, save: (rows: readonly Write[]) => Promise<void>): Promise<void> {
    const attempt = (role: Role, first = false) =>
      save(this.users.creation({ ...user, role }, this.clock.now().toISOString(), first));

    if (this.isOwner(user.email)) return attempt('owner');
    const first = this.config.auth.ownerEmail === undefined && this.config.stage === 'development';
    if (!first || (await this.users.hasOwner())) return attempt('member');
    try {
      await attempt('owner', true);
    } catch (error) {
      if (!(error instanceof OwnerExists)) throw error;
      await attempt('member');
    }
  }

  mayRegister(email: string): boolean {
    return this.config.auth.registration === 'open' || this.isOwner(email);
  }

  /** Undefined for somebody who is not there, or may not sign in. */
  async subject(sub: string): Promise<Subject | undefined> {
    const { user, preferences } = await this.users.findWithPreferences(sub);
    if (user?.status !== 'active') return undefined;
    const { email, emailVerified, name, role, tokensValidAfter } = user;
    const { theme } = preferences;
    return {
      sub,
      email,
      emailVerified,
      name,
      role,
      tokensValidAfter,
      theme,
      username: user.username ?? undefined,
    };
  }

  async noteLogin(userId: string): Promise<void> {
    await this.users.noteLogin(userId, this.clock.now().toISOString());
  }

  /** The write that voids all tokens made so far, for a transaction with what is the reason for it. */
  voidTokens(userId: string): Write {
    return this.users.voidTokens(userId, this.clock.seconds() + 1);
  }

  /** Lets a change of the user be felt in this process at once, and not only within a minute. */
  changed(userId: string): void {
    this.states.forget(userId);
  }

  /** @param tokenLife seconds that the session's tokens can still live */
  async revokeSession(userId: string, sessionId: string, tokenLife: number): Promise<void> {
    const now = this.clock.seconds();
    const { revokedSessions } = await this.users.revokeSession(userId, sessionId, now + tokenLife);
    this.changed(userId);
    const over = Object.keys(revokedSessions).filter((id) => (revokedSessions[id] ?? 0) < now);
    if (over.length > FORGET_REVOCATIONS_ABOVE) await this.users.forgetRevocations(userId, over);
  }

  private isOwner(email: string): boolean {
    return this.config.auth.ownerEmail?.toLowerCase() === email;
  }
}
