import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { ROLES, type Role } from '../../http/access/access.decorators.js';
import type { Write } from '../../platform/dynamodb/table.js';
import {
  type AccountFacts,
  IDENTITY,
  type IdentityProvider,
} from '../../platform/identity/identity-provider.js';
import type { Newcomer } from './user.js';
import { OwnerExists, ProfileStands, UsersRepository } from './users.repository.js';

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

  isLetIn(userId: string): Promise<boolean> {
    return this.users.isLetIn(userId);
  }

  /** The row of somebody who is let in and has yet to confirm their address. */
  letIn(userId: string, newcomer: Newcomer): Write {
    return this.users.admission(userId, newcomer);
  }

  /** Gives a profile to somebody who need not confirm first. `save` writes the rows together with the account. */
  async enter<T>(
    newcomer: Newcomer,
    save: (rows: (userId: string) => readonly Write[]) => Promise<T>,
  ): Promise<T> {
    const attempt = (role: Role, first = false) =>
      save((userId) => this.users.creation({ userId, ...newcomer, role }, first));
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
   */
  async admit(userId: string): Promise<void> {
    const facts = await this.identity.directory.describe(userId);
    if (!facts?.emailVerified) return;
    const admission = await this.users.findAdmission(userId);
    // One who was faster has used the admission up, and knew more than is known without it.
    if (!admission && (await this.users.find(userId, { consistent: true }))) return;
    const open = this.config.auth.registration === 'open';
    const owner = this.isOwnersAddress(facts.email);
    if (!admission && !open && !owner) return;

    const first = !owner && admission?.role === undefined && (await this.isFirst());
    const role = owner || first ? 'owner' : (admission?.role ?? roleOf(facts));
    const { theme, inviteId } = admission ?? {};
    await this.identity.directory.copyClaims(userId, { role, theme, inviteId });
    const newcomer = { name: facts.name, ...admission, email: facts.email, emailVerified: true };
    const rows = this.users.creation({ userId, ...newcomer, role }, first);
    try {
      await this.users.write([...rows, ...(admission ? [this.users.endOfAdmission(userId)] : [])]);
    } catch (error) {
      if (error instanceof OwnerExists) return this.admit(userId);
      if (!(error instanceof ProfileStands)) throw error;
    }
    return undefined;
  }
}

/** Groups of the pool only seed the role. */
const roleOf = ({ groups }: AccountFacts): Role =>
  ROLES.toReversed().find((role) => groups.includes(role)) ?? 'member';
