import { createPublicKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { passportJwtSecret, type SecretCallbackLong } from 'jwks-rsa';
import { Strategy } from 'passport-jwt';
import { CONFIG, type Config } from '../../config/config.js';
import type { CurrentUser } from '../../http/access/access.decorators.js';
import { Clock } from '../../platform/clock.js';
import { ServiceUnavailable } from '../../platform/faults.js';
import {
  endedByPasswordChange,
  IDENTITY,
  type IdentityProvider,
} from '../../platform/identity/identity-provider.js';
import { type AccountState, AccountStates } from '../users/account-states.js';
import { KeySet } from './key-set.js';
import { SeenSessions } from './seen-sessions.js';

interface Claims {
  readonly sub?: unknown;
  readonly exp?: unknown;
  readonly iat?: unknown;
  readonly token_use?: unknown;
  readonly client_id?: unknown;
  readonly aud?: unknown;
  readonly origin_jti?: unknown;
  readonly auth_time?: unknown;
  readonly username?: unknown;
  readonly 'cognito:username'?: unknown;
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
    keySet: KeySet,
    private readonly states: AccountStates,
    private readonly sessions: SeenSessions,
    private readonly clock: Clock,
  ) {
    super({
      jwtFromRequest: bearerToken,
      secretOrKeyProvider: keyProvider(keySet),
      algorithms: ['RS256'],
      issuer: identity.tokens.issuer,
      passReqToCallback: true,
    });
  }

  async validate(request: Pick<Request, 'headers'>, claims: Claims): Promise<CurrentUser | null> {
    const { sub, iat, exp, origin_jti: session, token_use: use } = claims;
    if (typeof sub !== 'string' || typeof iat !== 'number' || typeof exp !== 'number') return null;
    if (iat > this.clock.seconds() + CLOCK_TOLERANCE || !this.isForThisClient(claims)) return null;
    const state = await this.states.of(sub, usernameOf(claims));
    if (state?.status !== 'active' || iat < state.tokensValidAfter) return null;
    const sessionId = typeof session === 'string' ? session : undefined;
    const signedInAt = typeof claims.auth_time === 'number' ? claims.auth_time : undefined;
    if (isEnded(state, sessionId, signedInAt)) return null;
    if (sessionId !== undefined)
      await this.sessions.noteSeen({ sub, id: sessionId, startedAt: signedInAt ?? iat }, request);
    const accessToken = use === 'access' ? (bearerToken(request) ?? undefined) : undefined;
    return { id: sub, role: state.role, sessionId, accessToken, signedInAt };
  }

  private isForThisClient({ token_use: use, client_id, aud }: Claims): boolean {
    const { tokenUse } = this.config.auth;
    const client = use === 'access' ? client_id : use === 'id' ? aud : undefined;
    if (tokenUse !== 'any' && use !== tokenUse) return false;
    return typeof client === 'string' && this.identity.tokens.clientIds.includes(client);
  }
}

/** How the identity provider names the user: AWS finds those of another provider by it alone. */
function usernameOf(claims: Claims): string | undefined {
  const username = claims.token_use === 'id' ? claims['cognito:username'] : claims.username;
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

function keyProvider(keySet: KeySet) {
  const byKid = passportJwtSecret({
    jwksUri: 'key-set',
    fetcher: () => keySet.load(),
    cache: true,
    cacheMaxAge: 5 * 60_000,
  }) as (request: Request, token: string, done: SecretCallbackLong) => void;
  const keys = new ParsedKeys();
  return (request: Request, token: string, done: (error: unknown, key?: string) => void) => {
    const header = headerOf(token);
    if (typeof header?.['kid'] !== 'string' || 'crit' in header) return done(null, undefined);
    return byKid(request, token, (error, pem) => {
      if (error) return done(new ServiceUnavailable(error));
      // jsonwebtoken takes a KeyObject as well; passport-jwt's types do not know.
      return done(null, typeof pem === 'string' ? (keys.of(pem) as unknown as string) : undefined);
    });
  };
}

/** Reading a PEM takes longer than checking a signature with it. */
class ParsedKeys {
  private readonly parsed = new Map<string, KeyObject>();

  of(pem: string): KeyObject {
    const known = this.parsed.get(pem);
    if (known) return known;
    if (this.parsed.size >= 10) this.parsed.clear();
    const key = createPublicKey(pem);
    this.parsed.set(pem, key);
    return key;
  }
}

function headerOf(token: string): Record<string, unknown> | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
    return typeof header === 'object' && header !== null ? (header as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
