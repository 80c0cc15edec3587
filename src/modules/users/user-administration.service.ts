import { Inject, Injectable } from '@nestjs/common';
import { type CurrentUser, isAbove, ROLES } from '../../http/access/access.decorators.js';
import { ApiError } from '../../http/errors/api-error.js';
import { AUTH_FORBIDDEN } from '../../http/errors/common.errors.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { Clock } from '../../platform/clock.js';
import { asSeen, assertSeen } from '../../platform/dynamodb/faults.js';
import type { Page } from '../../platform/dynamodb/item.js';
import { IDENTITY, type IdentityProvider } from '../../platform/identity/identity-provider.js';
import { SessionsRepository } from '../../platform/identity/sessions.repository.js';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Origin } from '../../http/request/origin.decorator.js';
import { AccessRevocations } from './access-revocations.js';
import { AccountStates } from './account-states.js';
import {
  asUserResponse,
  type AdministerUserDto,
  type UserDetailsResponse,
  type UserQuery,
  type UserResponse,
} from './dto/user.dto.js';
import { revokedSentences } from './revoked-sentences.js';
import { SecurityNotices } from './security-notices.js';
import type { User } from './user.js';
import { USER_NOT_FOUND } from './users.errors.js';
import { UsersRepository } from './users.repository.js';

/** What administrators see and change of users. The table is the source, the identity provider gets copies. */
@Injectable()
export class UserAdministrationService {
  constructor(
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsRepository,
    private readonly states: AccountStates,
    private readonly revocations: AccessRevocations,
    private readonly notices: SecurityNotices,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async list({ role, status, limit, after }: UserQuery & Paged): Promise<Page<UserResponse>> {
    const roles = role === undefined ? ROLES : [role];
    return (await this.users.list({ roles, status }, { limit, after })).map(asUserResponse);
  }

  async get(userId: string): Promise<UserDetailsResponse> {
    const user = await this.find(userId, { consistent: false });
    const { enabled } = await this.identity.secondFactor.status(userId);
    return { ...asUserResponse(user), secondFactorEnabled: enabled };
  }

  /** Signs somebody out everywhere, and revokes what lets in without a sign-in. */
  async endSessions(actor: CurrentUser, userId: string, origin: Origin): Promise<{ revoked: number }> {
    await this.assertMayAdminister(actor, userId);
    const titles = await this.revocations.revokeAll(userId);
    const revoked = await this.signOut(userId);
    await this.audit.record(userId, 'all-sessions-revoked', { origin });
    await this.notices.send(userId, 'signed-out-everywhere', revokedSentences(titles));
    return { revoked };
  }

  /** Helps somebody who has lost their phone and their backup codes. Only somebody of a higher role may. */
  async removeSecondFactor(
    actor: CurrentUser,
    userId: string,
    origin: Origin,
  ): Promise<{ removed: boolean }> {
    const { role } = await this.find(userId);
    if (!isAbove(actor.role, role)) throw new ApiError(AUTH_FORBIDDEN);
    return { removed: await this.resetSecondFactor(userId, origin) };
  }

  /** Without a look at who asks: for the operator of a deployment as well. @returns whether there was one */
  async resetSecondFactor(userId: string, origin?: Origin): Promise<boolean> {
    const removed = await this.identity.secondFactor.reset(userId);
    await this.signOut(userId);
    await this.audit.record(userId, 'mfa-removed-by-administrator', origin && { origin });
    await this.notices.send(userId, 'mfa-removed-by-administrator');
    return removed;
  }

  /** @throws {ApiError} USER_NOT_FOUND, or AUTH_FORBIDDEN for somebody of a higher role */
  async assertMayAdminister(actor: CurrentUser, userId: string): Promise<void> {
    const { role } = await this.find(userId);
    if (isAbove(role, actor.role)) throw new ApiError(AUTH_FORBIDDEN);
  }

  /** Nobody grants a role above their own, nor touches somebody who has one. */
  async update(
    actor: CurrentUser,
    userId: string,
    change: AdministerUserDto,
    versions: readonly number[] | undefined,
  ): Promise<UserResponse> {
    const attempt = async () => {
      const user = await this.find(userId);
      const { role = user.role, status = user.status } = change;
      if (isAbove(user.role, actor.role) || isAbove(role, actor.role)) throw new ApiError(AUTH_FORBIDDEN);
      const disabled = status === 'disabled' && user.status === 'active';
      const voided = disabled ? { tokensValidAfter: this.clock.seconds() + 1 } : {};
      const noted = [
        ...(role === user.role ? [] : [await this.audit.entry(userId, 'role-changed', { detail: role })]),
        ...(status === user.status
          ? []
          : [await this.audit.entry(userId, 'status-changed', { detail: status })]),
      ];
      assertSeen(user.version, versions);
      if (noted.length > 0) await this.users.administer(user, { role, status, ...voided }, versions, noted);
    };
    await asSeen(versions, attempt);
    this.states.forget(userId);
    return asUserResponse(await this.carryOn(userId));
  }

  /** Also when nothing changed here: the try before may have ended between the table and the provider. */
  private async carryOn(userId: string): Promise<User> {
    const user = await this.find(userId);
    await this.identity.directory.copyClaims(userId, { role: user.role });
    await this.identity.directory.setEnabled(userId, user.status === 'active');
    if (user.status === 'disabled') await this.sessions.removeAll(userId);
    return user;
  }

  private async signOut(userId: string): Promise<number> {
    await this.identity.signIn.signOutEverywhere({ sub: userId, accessToken: undefined });
    await this.users.write([this.users.voidTokens(userId, this.clock.seconds() + 1)]);
    this.states.forget(userId);
    return this.sessions.removeAll(userId);
  }

  private async find(userId: string, { consistent = true } = {}): Promise<User> {
    const user = await this.users.find(userId, { consistent });
    if (!user || user.closing) throw new ApiError(USER_NOT_FOUND);
    return user;
  }
}
