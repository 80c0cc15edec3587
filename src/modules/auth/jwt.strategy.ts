import { callbackify } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy } from 'passport-jwt';
import { CONFIG, type Config } from '../../config/config.js';
import type { CurrentUser } from '../../http/access/access.decorators.js';
import { Clock } from '../../platform/clock.js';
import {
  endedByPasswordChange,
  IDENTITY,
  type IdentityProvider,
} from '../../platform/identity/identity-provider.js';
import { type AccountState, AccountStates } from '../users/account-states.js';
import { SeenSessions } from './seen-sessions.js';
import { VerificationKeys } from './verification-keys.js';
import { type TokenClaims, VerifiedTokens } from './verified-tokens.js';

/** @property kid names the key that signed the token */
interface TokenHeader {
  readonly kid: string;
}

/** Larger than any token of ours or Cognito's; what is larger is not worth decoding. */
const LARGEST_TOKEN = 8192;
/** Seconds that an issuer's clock may be ahead of this one. */
const CLOCK_TOLERANCE = 5;

/**
 * Checks a bearer token as Cognito's documentation says (signature by `kid`, issuer, `token_use`, and `client_id`
 * of access or `aud` of id tokens), and what passport-jwt leaves open: `exp` must be there, `iat` not in the
 * future, no `crit`, a `kid`. A token of an account that was disabled, signed out or deleted is void.
 */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    keys: VerificationKeys,
    private readonly verified: VerifiedTokens,
    private readonly states: AccountStates,
    private readonly sessions: SeenSessions,
    private readonly clock: Clock,
  ) {
    super({
      jwtFromRequest: bearerToken,
      secretOrKeyProvider: keyProvider(keys),
      algorithms: ['RS256'],
      issuer: identity.tokens.issuer,
      passReqToCallback: true,
    });
  }

  /** As passport-jwt does, except that a token that was verified within the last minute is not verified again. */
  override authenticate(request: Request, options?: object): void {
    const token = bearerToken(request);
    const claims = token === null ? undefined : this.verified.find(token);
    if (token === null || !claims) return super.authenticate(request, options);
    this.userOf(request, token, claims).then(
      (user) => (user ? this.success(user) : this.fail(undefined, 401)),
      (error: unknown) => this.error(error as Error),
    );
    return undefined;
  }

  /** Called by passport-jwt once the signature, issuer and times are checked. */
  async validate(request: Request, claims: Record<string, unknown>): Promise<CurrentUser | null> {
    const token = bearerToken(request);
    const header = token === null ? undefined : headerOf(token);
    if (token === null || !header || !hasExpiry(claims)) return null;
    this.verified.add(token, header.kid, claims);
    return this.userOf(request, token, claims);
  }

  /** @returns null for a token that is not for this API, or no longer good for its account */
  private async userOf(request: Request, token: string, claims: TokenClaims): Promise<CurrentUser | null> {
    const { sub, iat, origin_jti: session, token_use: use } = claims;
    if (typeof sub !== 'string' || typeof iat !== 'number') return null;
    if (iat > this.clock.seconds() + CLOCK_TOLERANCE || !this.isForThisClient(claims)) return null;
    const state = await this.states.of(sub, usernameOf(claims));
    if (state?.status !== 'active' || iat < state.tokensValidAfter) return null;
    const sessionId = typeof session === 'string' ? session : undefined;
    const signedInAt = typeof claims['auth_time'] === 'number' ? claims['auth_time'] : undefined;
    if (isEnded(state, sessionId, signedInAt)) return null;
    if (sessionId !== undefined)
      await this.sessions.noteSeen({ sub, id: sessionId, startedAt: signedInAt ?? iat }, request);
    const accessToken = use === 'access' ? token : undefined;
    return { id: sub, role: state.role, sessionId, accessToken, signedInAt };
  }

  private isForThisClient({ token_use: use, client_id, aud }: TokenClaims): boolean {
    const { tokenUse } = this.config.auth;
    const client = use === 'access' ? client_id : use === 'id' ? aud : undefined;
    if (tokenUse !== 'any' && use !== tokenUse) return false;
    return typeof client === 'string' && this.identity.tokens.clientIds.includes(client);
  }
}

/** How the identity provider names the user: AWS finds those of another provider by it alone. */
function usernameOf(claims: TokenClaims): string | undefined {
  const username = claims['token_use'] === 'id' ? claims['cognito:username'] : claims['username'];
  return typeof username === 'string' ? username : undefined;
}

function isEnded(
  state: AccountState,
  sessionId: string | undefined,
  signedInAt: number | undefined,
): boolean {
  if (sessionId !== undefined && Object.hasOwn(state.revokedSessions, sessionId)) return true;
  const { sessionsValidAfter, keptSession } = state;
  return (
    signedInAt !== undefined &&
    endedByPasswordChange(
      { sessionsValidAfter, keptSession: keptSession ?? undefined },
      { id: sessionId, startedAt: signedInAt },
    )
  );
}

/** `Authorization: Bearer <token>` (RFC 6750, 2.1), and no other place. */
function bearerToken(request: Pick<Request, 'headers'>): string | null {
  const token = /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return token !== undefined && token.length <= LARGEST_TOKEN ? token : null;
}

function keyProvider(keys: VerificationKeys) {
  const find = async (token: string) => {
    const header = headerOf(token);
    // jsonwebtoken takes a KeyObject as well; passport-jwt's types do not know.
    return header && ((await keys.find(header.kid)) as unknown as string | undefined);
  };
  return (_: Request, token: string, done: (error: unknown, key?: string) => void) =>
    callbackify(find)(token, done);
}

/** @returns undefined for a header without `kid`, or with extensions that must be understood (RFC 7515, 4.1.11) */
function headerOf(token: string): TokenHeader | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
    if (typeof header !== 'object' || header === null || 'crit' in header) return undefined;
    const { kid } = header as { kid?: unknown };
    return typeof kid === 'string' ? { kid } : undefined;
  } catch {
    return undefined;
  }
}

const hasExpiry = (claims: Record<string, unknown>): claims is TokenClaims =>
  typeof claims['exp'] === 'number';
