import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import type { CurrentUser } from '../../http/access/access.decorators.js';
import { ApiError } from '../../http/errors/api-error.js';
import { AUTH_UNAUTHORIZED, VALIDATION_ERROR } from '../../http/errors/common.errors.js';
import type { Origin } from '../../http/request/origin.decorator.js';
import { coarseNetworkOf } from '../../platform/identity/coarse-network.js';
import {
  ChallengeFailed,
  InvalidCredentials,
  NotAdmitted,
  NotConfirmed,
  PasswordResetRequired,
  RefreshReused,
} from '../../platform/identity/identity-errors.js';
import {
  type Challenged,
  IDENTITY,
  type IdentityProvider,
  type SignedIn,
  type Subject,
} from '../../platform/identity/identity-provider.js';
import { KnownPlacesRepository } from '../../platform/identity/known-places.repository.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { AccountsService } from '../users/accounts.service.js';
import type { Theme } from '../users/user.js';
import type {
  ChallengeDto,
  ChallengeResponse,
  LoginDto,
  LoginResponse,
  MeResponse,
  TokensResponse,
} from './dto/auth.dto.js';
import { EmailChangeNotices } from './email-change-notices.js';
import { InvitationAcceptances } from './invitation-acceptances.js';
import { PasswordRules } from './password-rules.js';
import { SecurityNotices } from '../users/security-notices.js';
import { SessionsService } from './sessions.service.js';

@Injectable()
export class SignInService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly accounts: AccountsService,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordRules,
    private readonly acceptances: InvitationAcceptances,
    private readonly emailChanges: EmailChangeNotices,
    private readonly places: KnownPlacesRepository,
    private readonly notices: SecurityNotices,
    private readonly audit: AuditTrail,
  ) {}

  async login(
    { email, username, password, inviteCode }: LoginDto,
    origin: Origin,
  ): Promise<LoginResponse | ChallengeResponse> {
    const credentials = { identifier: email ?? username ?? '', password, ...origin };
    try {
      const outcome = await this.identity.signIn.login(credentials, this.findWith(inviteCode));
      return await this.answer(outcome, origin);
    } catch (error) {
      if (error instanceof InvalidCredentials && error.sub !== undefined)
        await this.audit.record(error.sub, 'login-failed', { origin });
      // Whoever registers an unknown address knows its password, and would learn that it was unknown.
      const telling = error instanceof NotConfirmed || error instanceof PasswordResetRequired;
      throw telling && this.config.auth.preventEnumeration ? new InvalidCredentials() : error;
    }
  }

  async answerChallenge(body: ChallengeDto, origin: Origin): Promise<LoginResponse | ChallengeResponse> {
    const { challenge, answer, inviteCode } = body;
    if (challenge === 'NEW_PASSWORD_REQUIRED') await this.passwords.assert('answer', answer);
    else if (!TYPED_CODE.test(answer)) throw answerMustBeCode();
    try {
      const find = this.findWith(inviteCode);
      const next = await this.identity.signIn.answerChallenge({ ...body, ...origin }, find);
      return await this.answer(next, origin);
    } catch (error) {
      if (error instanceof ChallengeFailed && error.sub !== undefined)
        await this.audit.record(error.sub, 'challenge-failed', { origin });
      throw error;
    }
  }

  async refresh(refreshToken: string, origin: Origin): Promise<TokensResponse> {
    try {
      const tokens = await this.identity.signIn.refresh(refreshToken, this.findWith());
      return { ...tokens, tokenType: 'Bearer' };
    } catch (error) {
      if (error instanceof RefreshReused && error.session) {
        await this.sessions.end(error.session.sub, [error.session.id]);
        await this.audit.record(error.session.sub, 'refresh-token-reused', { origin });
        await this.notices.send(error.session.sub, 'refresh-token-reused');
      }
      throw error;
    }
  }

  /**
   * Ends the session of the refresh token, or else of the access token: both stop working. A refresh token is proof
   * enough, and one that is of no use is answered like any other (RFC 7009, 2.2).
   */
  async logout(
    user: CurrentUser | undefined,
    refreshToken: string | undefined,
    origin: Origin,
  ): Promise<{ loggedOut: true }> {
    if (!user && refreshToken === undefined)
      throw new ApiError(AUTH_UNAUTHORIZED, { headers: { 'WWW-Authenticate': 'Bearer' } });
    const named = await this.sessionOf(user, refreshToken);
    const sub = named?.sub ?? user?.id;
    if (sub === undefined) return { loggedOut: true };
    const session = named?.id ?? (sub === user?.id ? user.sessionId : undefined);
    const isUser = session !== undefined && (await this.sessions.endIfThere(sub, session));
    await named?.revoke();
    if (isUser) await this.audit.record(sub, 'logout', { origin });
    return { loggedOut: true };
  }

  async me(userId: string): Promise<MeResponse> {
    const subject = await this.accounts.subject(userId);
    if (!subject) throw new ApiError(AUTH_UNAUTHORIZED);
    return shown(subject);
  }

  /** While the provider cannot tell whose the token is, the session of the access token is ended all the same. */
  private async sessionOf(user: CurrentUser | undefined, refreshToken: string | undefined) {
    if (refreshToken === undefined) return undefined;
    try {
      const named = await this.identity.signIn.sessionOf(refreshToken);
      return user && named && named.sub !== user.id ? undefined : named;
    } catch (error) {
      if (user?.sessionId !== undefined) await this.sessions.end(user.id, [user.sessionId]);
      throw error;
    }
  }

  /** @param inviteCode lets in somebody whom only the identity provider knows */
  private findWith(inviteCode?: string) {
    return async (sub: string): Promise<Subject | undefined> => {
      try {
        return await this.accounts.subject(sub);
      } catch (error) {
        if (!(error instanceof NotAdmitted) || inviteCode === undefined) throw error;
        await this.acceptances.accept({ sub, username: error.username }, inviteCode);
        return this.accounts.subject(sub);
      }
    };
  }

  private async answer(
    outcome: SignedIn | Challenged,
    origin: Origin,
  ): Promise<LoginResponse | ChallengeResponse> {
    if ('challenge' in outcome) return outcome;
    const { tokens, subject, confirmedEmail = subject.email } = outcome;
    const [place] = await Promise.all([
      this.places.remember(subject.sub, origin),
      this.accounts.noteLogin(subject.sub),
      this.audit.record(subject.sub, 'login', { origin }),
      this.emailChanges.follow(subject, confirmedEmail, origin),
    ]);
    if (place === 'new') await this.notices.send(subject.sub, 'new-sign-in', placeSentences(origin));
    return { ...tokens, tokenType: 'Bearer', user: shown({ ...subject, email: confirmedEmail }) };
  }
}

/** Digits of an authenticator, or a backup code, as a keyboard for them types: full-width digits are none. */
const TYPED_CODE = /^[0-9A-Za-z -]{1,32}$/;

const answerMustBeCode = () =>
  new ApiError(VALIDATION_ERROR, {
    details: [
      { field: 'answer', code: 'matches', message: 'answer must be a code of ASCII digits and letters' },
    ],
  });

/** What a mail says of where a sign-in came from. */
function placeSentences({ address, userAgent }: Origin): readonly string[] {
  const network = coarseNetworkOf(address) ?? 'an unknown network';
  return [`Device: ${userAgent ?? 'unknown'}. Network: ${network}.`];
}

const shown = ({ sub, email, emailVerified, name, role, username, theme }: Subject): MeResponse => ({
  id: sub,
  userId: sub,
  email,
  emailVerified,
  username: username ?? null,
  name,
  role: role as MeResponse['role'],
  userRole: role as MeResponse['role'],
  theme: (theme as Theme | undefined) ?? null,
});
