import { Inject, Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import type { LeavingAccount } from '../../platform/account-data/account-data.js';
import { Clock } from '../../platform/clock.js';
import { StaleVersion, untilCurrent } from '../../platform/dynamodb/faults.js';
import type { Write } from '../../platform/dynamodb/table.js';
import { InvalidCredentials } from '../../platform/identity/identity-errors.js';
import { IDENTITY, type IdentityProvider, type Subject } from '../../platform/identity/identity-provider.js';
import { AccountStates } from './account-states.js';
import { AdmissionsService } from './admissions.service.js';
import type { User } from './user.js';
import { USER_NOT_FOUND } from './users.errors.js';
import { UsersRepository } from './users.repository.js';

/** Addresses that an account had before, each with a link that gives it back. */
const FORMER_EMAILS = 10;

/** As many as one update takes. */
const REVOKED_AT_ONCE = 25;

/** What signing in and out needs to know of users, and changes in them. */
@Injectable()
export class AccountsService {
  constructor(
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly users: UsersRepository,
    private readonly admissions: AdmissionsService,
    private readonly states: AccountStates,
    private readonly clock: Clock,
  ) {}

  /** Undefined for somebody who is not there, or may not sign in. @throws {NotAdmitted} */
  async subject(sub: string): Promise<Subject | undefined> {
    const { user, preferences } = await this.found(sub);
    if (user?.status !== 'active') return undefined;
    const { email, emailVerified, name, tokensValidAfter, sessionsValidAfter, revokedSessions } = user;
    return {
      sub,
      email,
      emailVerified,
      name,
      role: await this.roleOf(user),
      tokensValidAfter,
      sessionsValidAfter,
      keptSession: user.keptSession ?? undefined,
      revokedSessions,
      formerEmails: user.formerEmails,
      theme: preferences.theme,
      username: user.username ?? undefined,
    };
  }

  /**
   * The writes that admit somebody who has set a new password by mail, as confirming a registration does.
   * @returns none for somebody who is admitted already
   */
  async letInByReset(userId: string): Promise<readonly Write[]> {
    return this.admissions.confirmation(userId);
  }

  /** The address was shown to be theirs. */
  async addressConfirmed(userId: string): Promise<void> {
    const user = await this.users.find(userId, { consistent: true });
    if (!user) await this.admissions.admit(userId);
    else if (!user.emailVerified) await this.users.markVerified(userId);
  }

  /** @throws {InvalidCredentials} when the user has left meanwhile */
  async noteLogin(userId: string): Promise<void> {
    try {
      await this.users.noteLogin(userId, this.clock.now().toISOString());
    } catch (error) {
      throw error instanceof ApiError ? new InvalidCredentials() : error;
    }
  }

  /** The write that ends every session but one, for a transaction with the change of a password. */
  endOtherSessions(userId: string, keptSession: string | undefined): Write {
    return this.users.endOtherSessions(userId, keptSession, this.clock.seconds() + 1);
  }

  /** The write that gives a user another address. The one before can be had back by a link, if it was shown to be theirs. */
  emailChange({ sub, email, emailVerified, formerEmails }: Subject, newEmail: string): Write {
    const others = formerEmails.filter((former) => former !== newEmail);
    const kept = emailVerified ? [email, ...others] : others;
    const change = { email: newEmail, formerEmails: kept.slice(0, FORMER_EMAILS) };
    return this.users.emailChange(sub, email, change);
  }

  /** The write that gives a user an old address back, voids all tokens, and makes links to later addresses useless. */
  emailUndo({ sub, email, formerEmails }: Subject, oldEmail: string): Write {
    const earlier = formerEmails.slice(formerEmails.indexOf(oldEmail) + 1);
    const tokensValidAfter = this.clock.seconds() + 1;
    return this.users.emailChange(sub, email, { email: oldEmail, formerEmails: earlier, tokensValidAfter });
  }

  /** Follows a change of address that was confirmed at the identity provider. @returns whether this call did */
  async followEmail(subject: Subject, confirmedEmail: string): Promise<boolean> {
    if (confirmedEmail === subject.email) return false;
    try {
      await this.users.write([this.emailChange(subject, confirmedEmail)]);
      this.changed(subject.sub);
      return true;
    } catch (error) {
      // Another sign-in at the same moment has followed it.
      if (error instanceof StaleVersion) return false;
      throw error;
    }
  }

  async inviteOf(userId: string): Promise<string | undefined> {
    return (await this.users.find(userId, { consistent: true }))?.inviteId ?? undefined;
  }

  async isUser(userId: string): Promise<boolean> {
    return (await this.users.find(userId, { consistent: true })) !== undefined;
  }

  /** The writes that void all tokens made so far, for a transaction with what is the reason for it. */
  async voidTokens(userId: string): Promise<readonly Write[]> {
    const user = await this.users.find(userId, { consistent: true });
    return user ? [this.users.voidTokens(userId, this.clock.seconds() + 1)] : [];
  }

  async voidTokensNow(userId: string): Promise<void> {
    await this.users.write(await this.voidTokens(userId));
    this.changed(userId);
  }

  /**
   * Closes an account for good: nobody signs in to it, and its tokens are void. `opening` gives what stands or falls
   * with that.
   * @throws {ApiError} LAST_OWNER, USER_NOT_FOUND
   */
  async close<T>(
    userId: string,
    opening: (account: LeavingAccount) => { writes: readonly Write[]; result: T },
  ): Promise<T> {
    const result = await untilCurrent(async () => {
      const user = await this.users.find(userId, { consistent: true });
      if (!user || user.closing) throw new ApiError(USER_NOT_FOUND);
      const { email, username, role } = user;
      const opened = opening({ userId, email, username: username ?? undefined });
      const tokensValidAfter = this.clock.seconds() + 1;
      const change = { role, status: 'disabled', closing: true, tokensValidAfter } as const;
      await this.users.administer(user, change, undefined, opened.writes);
      return opened.result;
    });
    this.changed(userId);
    return result;
  }

  /** Lets a change of the user be felt in this process at once, and not only within a minute. */
  changed(userId: string): void {
    this.states.forget(userId);
  }

  /** @param memory seconds for which anybody can still have tokens of the sessions */
  async revokeSessions(userId: string, sessionIds: readonly string[], memory: number): Promise<void> {
    const now = this.clock.seconds();
    for (let done = 0; done < sessionIds.length; done += REVOKED_AT_ONCE) {
      const ids = sessionIds.slice(done, done + REVOKED_AT_ONCE);
      const { revokedSessions } = await this.users.revokeSessions(userId, ids, now + memory);
      this.changed(userId);
      const over = Object.keys(revokedSessions).filter((id) => (revokedSessions[id] ?? 0) < now);
      if (over.length >= REVOKED_AT_ONCE)
        await this.users.forgetRevocations(userId, over.slice(0, REVOKED_AT_ONCE));
    }
  }

  private async found(userId: string) {
    const standing = await this.users.findWithPreferences(userId);
    if (standing.user) return standing;
    await this.admissions.admit(userId);
    return this.users.findWithPreferences(userId, { consistent: true });
  }

  /** Whoever has the address in OWNER_EMAIL, and has shown it, is an owner, also when the setting came later. */
  private async roleOf(user: User): Promise<User['role']> {
    const promoted = user.emailVerified && this.admissions.isOwnersAddress(user.email);
    if (!promoted || user.role === 'owner') return user.role;
    try {
      await this.users.promoteToOwner(user);
    } catch (error) {
      // Somebody else was faster, with this or with a change that counts more: the next look will tell.
      if (!(error instanceof StaleVersion)) throw error;
      return user.role;
    }
    this.changed(user.userId);
    await this.identity.directory.copyClaims(user.userId, { role: 'owner' });
    return 'owner';
  }
}
