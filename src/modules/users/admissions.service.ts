import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { ROLES, type Role } from '../../http/access/access.decorators.js';
import { ApiError } from '../../http/errors/api-error.js';
import { Clock } from '../../platform/clock.js';
import type { Write } from '../../platform/dynamodb/table.js';
import {
  type AccountFacts,
  IDENTITY,
  type IdentityProvider,
} from '../../platform/identity/identity-provider.js';
import { NotAdmitted, UsernameTaken } from '../../platform/identity/identity-errors.js';
import { Usernames } from '../../platform/identity/usernames.js';
import { UserBeginnings } from './user-beginnings.js';
import type { Newcomer } from './user.js';
import { USER_EXISTS } from './users.errors.js';
import { OwnerExists, ProfileExists, UsersRepository } from './users.repository.js';

/** Longer than an unconfirmed registration lives: whoever confirms it at the last moment is still admitted. */
const ADMISSION_LIFE_SECONDS = 30 * 24 * 3600;

/** What an invitation gives, and the write that uses it. */
export interface Invitation extends Pick<Newcomer, 'role' | 'theme' | 'inviteId'> {
  readonly writes: readonly Write[];
}

/**
 * How somebody becomes a user: let in by registering, and given a profile as soon as their address is known to be
 * theirs (seed 001: the record is made after verification).
 */
@Injectable()
export class AdmissionsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly users: UsersRepository,
    private readonly beginnings: UserBeginnings,
    private readonly usernames: Usernames,
    private readonly clock: Clock,
  ) {}

  /** The address in OWNER_EMAIL owns the deployment. */
  isOwnersAddress(email: string): boolean {
    return this.config.auth.ownerEmail === email;
  }

  /** On a laptop without OWNER_EMAIL, whoever comes first is the owner. */
  async isFirst(): Promise<boolean> {
    const first = this.config.auth.ownerEmail === undefined && this.config.stage === 'development';
    return first && !(await this.users.hasOwner());
  }

  /** The row of somebody who is let in and has yet to confirm their address. */
  letIn(userId: string, newcomer: Newcomer): Write {
    const expires = !this.identity.registration.alwaysConfirms;
    return this.users.admission(
      userId,
      newcomer,
      expires ? this.clock.seconds() + ADMISSION_LIFE_SECONDS : undefined,
    );
  }

  /** The write that goes with the confirmation of an address by whoever registered it. */
  confirmation(userId: string): Promise<readonly Write[]> {
    return this.users.confirmAdmission(userId);
  }

  /** Removes what is kept of somebody who registered, did not confirm their address, and was replaced. */
  async forget(userId: string): Promise<void> {
    const admission = await this.users.findAdmission(userId);
    if (admission?.username !== undefined) await this.usernames.free(userId, admission.username);
    await this.users.forgetAdmission(userId);
  }

  /**
   * Gives a profile to somebody whom the identity provider knows, by an invitation.
   * @param invitation what it gives, and the write that uses it, for a confirmed address
   * @throws {ApiError} USER_EXISTS for somebody who has a profile
   */
  async accept(
    userId: string,
    username: string | undefined,
    invitation: (email: string) => Promise<Invitation>,
  ): Promise<void> {
    if (await this.users.find(userId, { consistent: true })) throw new ApiError(USER_EXISTS);
    const [facts, admission] = await Promise.all([
      this.identity.directory.describe(userId, username),
      this.users.findAdmission(userId),
    ]);
    if (!facts?.emailVerified || isUnproven(admission)) throw new NotAdmitted(userId, username);
    const { email, name } = facts;
    const { writes, role = 'member', theme, inviteId } = await invitation(email);
    await this.identity.directory.copyClaims(userId, { role, theme, inviteId });
    const newcomer = { email, name, emailVerified: true, role, theme, inviteId };
    const rows = this.users.creation({ userId, ...newcomer }, false, await this.beginnings.rows());
    try {
      await this.users.write([...rows, ...writes]);
    } catch (error) {
      throw error instanceof ProfileExists ? new ApiError(USER_EXISTS) : error;
    }
  }

  /** Gives a profile to somebody who need not confirm first. `save` writes the rows together with the account. */
  async enter<T>(
    newcomer: Newcomer,
    save: (rows: (userId: string) => readonly Write[]) => Promise<T>,
  ): Promise<T> {
    const beginnings = await this.beginnings.rows();
    const attempt = (role: Role, first = false) =>
      save((userId) => this.users.creation({ userId, ...newcomer, role }, first, beginnings));
    if (newcomer.role === undefined && (await this.isFirst())) {
      try {
        return await attempt('owner', true);
      } catch (error) {
        if (!(error instanceof OwnerExists)) throw error;
      }
    }
    return attempt(newcomer.role ?? 'member');
  }

  /**
   * At the first sight of somebody without a profile: makes it, if the provider knows their address to be theirs and
   * they were let in. Safe to be run by many at once.
   * @param username as a token names the user
   * @throws {NotAdmitted} for somebody whom the provider knows and nobody has admitted
   */
  async admit(userId: string, username?: string): Promise<void> {
    const facts = await this.identity.directory.describe(userId, username);
    const { alwaysConfirms } = this.identity.registration;
    if (facts && !facts.emailVerified && alwaysConfirms) throw new NotAdmitted(userId, username);
    if (!facts?.emailVerified) return;
    const admission = await this.users.findAdmission(userId);
    // One who was faster has used the admission up, and knew more than is known without it.
    if (!admission && (await this.users.find(userId, { consistent: true }))) return;
    if (isUnproven(admission)) throw new NotAdmitted(userId, username);
    const open = this.config.auth.registration === 'open';
    const owner = this.isOwnersAddress(facts.email);
    if (!admission && !open && !owner) throw new NotAdmitted(userId, username);

    const first = !owner && admission?.role === undefined && (await this.isFirst());
    const role = owner || first ? 'owner' : (admission?.role ?? roleOf(facts));
    const { theme, inviteId } = admission ?? {};
    await this.identity.directory.copyClaims(userId, { role, theme, inviteId });
    const newcomer = { name: facts.name, ...admission, email: facts.email, emailVerified: true };
    const beginnings = await this.beginnings.rows();
    const write = async (username: string | undefined) => {
      const rows = this.users.creation({ userId, ...newcomer, username, role }, first, beginnings);
      const kept = username === undefined ? [] : [this.usernames.keep(userId, username)];
      await this.users.write([...rows, ...kept, ...(admission ? [this.users.endOfAdmission(userId)] : [])]);
    };
    try {
      await write(admission?.username).catch((error: Error) => {
        // The registration held the name for three days, and somebody else has it now.
        if (error instanceof UsernameTaken) return write(undefined);
        throw error;
      });
    } catch (error) {
      if (error instanceof OwnerExists) return this.admit(userId, username);
      if (!(error instanceof ProfileExists)) throw error;
    }
    return undefined;
  }
}

/**
 * Somebody who reads the mail of an address may have confirmed, at the user pool itself, what a stranger registered. Only a
 * confirmation through this API, or a new password by mail, shows that both are one person.
 */
const isUnproven = (admission: Newcomer | undefined): boolean =>
  admission !== undefined && admission.registrantConfirmed !== true;

/** Groups of the pool only seed the role. */
const roleOf = ({ groups }: AccountFacts): Role =>
  ROLES.toReversed().find((role) => groups.includes(role)) ?? 'member';
