import { Inject, Injectable } from '@nestjs/common';
import type { CurrentUser } from '../../http/access/access.decorators.js';
import { ApiError } from '../../http/errors/api-error.js';
import { AUTH_UNAUTHORIZED, RATE_LIMITED } from '../../http/errors/common.errors.js';
import type { Origin } from '../../http/request/origin.decorator.js';
import {
  IDENTITY,
  type IdentityProvider,
  InvalidCredentials,
  RefreshInvalid,
  RefreshReused,
  type Subject,
  TOKEN_LIFE_SECONDS,
  TooManyFailures,
} from '../../platform/identity/identity-provider.js';
import { AccountsService } from '../users/accounts.service.js';
import type { Theme } from '../users/user.js';
import { AUTH_INVALID_CREDENTIALS, AUTH_REFRESH_INVALID, AUTH_REFRESH_REUSED } from './auth.errors.js';
import type { LoginDto, LoginResponse, MeResponse, TokensResponse } from './dto/auth.dto.js';

@Injectable()
export class SignInService {
  constructor(
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly accounts: AccountsService,
  ) {}

  async login({ email, username, password }: LoginDto, origin: Origin): Promise<LoginResponse> {
    try {
      const credentials = { identifier: email ?? username ?? '', password, ...origin };
      const { tokens, subject } = await this.identity.login(credentials, (sub) => this.accounts.subject(sub));
      await this.accounts.noteLogin(subject.sub);
      return { ...tokens, tokenType: 'Bearer', user: shown(subject) };
    } catch (error) {
      if (error instanceof InvalidCredentials) throw new ApiError(AUTH_INVALID_CREDENTIALS);
      if (error instanceof TooManyFailures) {
        throw new ApiError(RATE_LIMITED, { headers: { 'Retry-After': String(error.retryAfterSeconds) } });
      }
      throw error;
    }
  }

  async refresh(refreshToken: string): Promise<TokensResponse> {
    try {
      const tokens = await this.identity.refresh(refreshToken, (sub) => this.accounts.subject(sub));
      return { ...tokens, tokenType: 'Bearer' };
    } catch (error) {
      if (error instanceof RefreshInvalid) throw new ApiError(AUTH_REFRESH_INVALID);
      if (error instanceof RefreshReused) {
        await this.endSession(error.sub, error.sessionId);
        throw new ApiError(AUTH_REFRESH_REUSED);
      }
      throw error;
    }
  }

  /** Ends the session of the refresh token, or else of the access token: both stop working. */
  async logout(user: CurrentUser, refreshToken: string | undefined): Promise<{ loggedOut: true }> {
    const named =
      refreshToken === undefined ? undefined : await this.identity.sessionOf(user.id, refreshToken);
    const session = named ?? user.sessionId;
    if (session !== undefined) await this.endSession(user.id, session);
    return { loggedOut: true };
  }

  /** Its tokens first: if this ends half-way, the refresh token that is left tells the next try that there is more to do. */
  private async endSession(userId: string, sessionId: string): Promise<void> {
    await this.accounts.revokeSession(userId, sessionId, TOKEN_LIFE_SECONDS);
    await this.identity.logout(userId, sessionId);
  }

  async me(userId: string): Promise<MeResponse> {
    const subject = await this.accounts.subject(userId);
    if (!subject) throw new ApiError(AUTH_UNAUTHORIZED);
    return shown(subject);
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
