import { Inject, Injectable } from '@nestjs/common';
import type { CurrentUser } from '../../http/access/access.decorators.js';
import { ApiError } from '../../http/errors/api-error.js';
import type { Origin } from '../../http/request/origin.decorator.js';
import {
  endedByPasswordChange,
  IDENTITY,
  type IdentityProvider,
  type Subject,
} from '../../platform/identity/identity-provider.js';
import { type Session, SessionsRepository } from '../../platform/identity/sessions.repository.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { AccessRevocations } from '../users/access-revocations.js';
import { AccountsService } from '../users/accounts.service.js';
import { SESSION_NOT_FOUND } from './auth.errors.js';
import type { SessionResponse } from './dto/auth.dto.js';
import { revokedSentences } from '../users/revoked-sentences.js';
import { SecurityNotices } from '../users/security-notices.js';

/** Where somebody is signed in, and how that ends. */
@Injectable()
export class SessionsService {
  constructor(
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly sessions: SessionsRepository,
    private readonly accounts: AccountsService,
    private readonly revocations: AccessRevocations,
    private readonly notices: SecurityNotices,
    private readonly audit: AuditTrail,
  ) {}

  async list(user: CurrentUser): Promise<SessionResponse[]> {
    const [sessions, subject] = await Promise.all([
      this.sessions.list(user.id),
      this.accounts.subject(user.id),
    ]);
    return sessions
      .filter((session) => subject && isAlive(session, subject))
      .map((session) => asResponse(session, user.sessionId));
  }

  async remove(user: CurrentUser, id: string, origin: Origin): Promise<{ id: string; deleted: true }> {
    if (!(await this.sessions.find(user.id, id))) throw new ApiError(SESSION_NOT_FOUND);
    await this.end(user.id, [id]);
    await this.audit.record(user.id, 'session-revoked', { origin });
    return { id, deleted: true };
  }

  /** At the provider first: once the tokens are void here, the caller could not ask again. */
  async removeAll(user: CurrentUser, origin: Origin): Promise<{ revoked: number }> {
    await this.identity.signIn.signOutEverywhere({ sub: user.id, accessToken: user.accessToken });
    const titles = await this.revocations.revokeAll(user.id);
    await this.accounts.voidTokensNow(user.id);
    const revoked = await this.sessions.removeAll(user.id);
    await this.audit.record(user.id, 'all-sessions-revoked', { origin });
    await this.notices.send(user.id, 'signed-out-everywhere', revokedSentences(titles));
    return { revoked };
  }

  /** Ends one session; its user may be erased. @returns whether there is such a user */
  async endIfThere(userId: string, sessionId: string): Promise<boolean> {
    const isUser = await this.accounts.isUser(userId);
    if (isUser) await this.end(userId, [sessionId]);
    else await this.sessions.remove(userId, sessionId);
    return isUser;
  }

  /** Removes the rows of all sessions, for whoever has voided their tokens. */
  removeRows(userId: string): Promise<number> {
    return this.sessions.removeAll(userId);
  }

  async endOthers(user: CurrentUser): Promise<void> {
    const ids = (await this.sessions.list(user.id)).map(({ id }) => id);
    await this.end(
      user.id,
      ids.filter((id) => id !== user.sessionId),
    );
  }

  /** Their tokens first: if this ends half-way, the row that is left tells the next try that there is more to do. */
  async end(userId: string, sessionIds: readonly string[]): Promise<void> {
    await this.accounts.revokeSessions(userId, sessionIds, this.identity.tokens.sessionMemorySeconds);
    for (const id of sessionIds) await this.sessions.remove(userId, id);
  }
}

/** A row may be left, or be made again by a process that did not know yet that the session had ended. */
const isAlive = (session: Session, subject: Subject): boolean =>
  !Object.hasOwn(subject.revokedSessions, session.id) &&
  session.startedAt >= subject.tokensValidAfter &&
  !endedByPasswordChange(subject, session);

const asResponse = (
  { id, startedAt, lastUsedAt, userAgent, network }: Session,
  current: string | undefined,
) => ({
  id,
  sessionId: id,
  createdAt: new Date(startedAt * 1000).toISOString(),
  lastUsedAt: new Date(lastUsedAt * 1000).toISOString(),
  userAgent,
  network,
  current: id === current,
});
