import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import type { CurrentUser } from '../../http/access/access.decorators.js';
import { ApiError } from '../../http/errors/api-error.js';
import { AUTH_UNAUTHORIZED } from '../../http/errors/common.errors.js';
import type { Origin } from '../../http/request/origin.decorator.js';
import {
  ChallengeFailed,
  InvalidCredentials,
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
import { PasswordRules } from './password-rules.js';
import { SessionsService } from './sessions.service.js';

@Injectable()
export class SignInService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly accounts: AccountsService,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordRules,
    private readonly audit: AuditTrail,
  ) {}

  async login(
    { email, username, password }: LoginDto,
    origin: Origin,
  ): Promise<LoginResponse | ChallengeResponse> {
    const credentials = { identifier: email ?? username ?? '', password, ...origin };
    try {
      return await this.answer(await this.identity.signIn.login(credentials, this.find), origin);
    } catch (error) {
      if (error instanceof InvalidCredentials && error.sub !== undefined)
        await this.audit.record(error.sub, 'login-failed', { origin });
      // Whoever registers an unknown address knows its password, and would learn that it was unknown.
      const telling = error instanceof NotConfirmed || error instanceof PasswordResetRequired;
      throw telling && this.config.auth.preventEnumeration ? new InvalidCredentials() : error;
    }
  }

  async answerChallenge(body: ChallengeDto, origin: Origin): Promise<LoginResponse | ChallengeResponse> {
    if (body.challenge === 'NEW_PASSWORD_REQUIRED') this.passwords.assert('answer', body.answer);
    try {
      const next = await this.identity.signIn.answerChallenge({ ...body, ...origin }, this.find);
      return await this.answer(next, origin);
    } catch (error) {
      if (error instanceof ChallengeFailed && error.sub !== undefined)
        await this.audit.record(error.sub, 'challenge-failed', { origin });
      throw error;
    }
  }

  async refresh(refreshToken: string, origin: Origin): Promise<TokensResponse> {
    try {
      const tokens = await this.identity.signIn.refresh(refreshToken, this.find);
      return { ...tokens, tokenType: 'Bearer' };
    } catch (error) {
      if (error instanceof RefreshReused && error.session) {
        await this.sessions.end(error.session.sub, [error.session.id]);
        await this.audit.record(error.session.sub, 'refresh-token-reused', { origin });
      }
      throw error;
    }
  }

  /** Ends the session of the refresh token, or else of the access token: both stop working. */
  async logout(
    user: CurrentUser,
    refreshToken: string | undefined,
    origin: Origin,
  ): Promise<{ loggedOut: true }> {
    const named =
      refreshToken === undefined ? undefined : await this.identity.signIn.revoke(user.id, refreshToken);
    const session = named ?? user.sessionId;
    if (session !== undefined) await this.sessions.end(user.id, [session]);
    await this.audit.record(user.id, 'logout', { origin });
    return { loggedOut: true };
  }

  async me(userId: string): Promise<MeResponse> {
    const subject = await this.accounts.subject(userId);
    if (!subject) throw new ApiError(AUTH_UNAUTHORIZED);
    return shown(subject);
  }

  private readonly find = (sub: string) => this.accounts.subject(sub);

  private async answer(
    outcome: SignedIn | Challenged,
    origin: Origin,
  ): Promise<LoginResponse | ChallengeResponse> {
    if ('challenge' in outcome) return outcome;
    const { tokens, subject } = outcome;
    await Promise.all([
      this.accounts.noteLogin(subject.sub),
      this.audit.record(subject.sub, 'login', { origin }),
    ]);
    return { ...tokens, tokenType: 'Bearer', user: shown(subject) };
  }
}

const shown = ({ sub, email, emailVerified, name, role, username, theme }: Subject): MeResponse => ({
  id: sub,
  userId: sub,
  email,
  emailVerified,
  username: username ?? null,
  name,
  role: role as MeResponse['role'],
  theme: (theme as Theme | undefined) ?? null,
});
