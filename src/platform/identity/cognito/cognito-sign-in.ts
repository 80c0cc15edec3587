import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import { CONFIG, type Config } from '../../../config/config.js';
import { Clock } from '../../clock.js';
import { canonicalEmail } from '../../../config/email-address.js';
import { ServiceUnavailable } from '../../faults.js';
import {
  ChallengeFailed,
  InvalidCredentials,
  RefreshInvalid,
  RefreshReused,
  TokenRefused,
} from '../identity-errors.js';
import {
  type Caller,
  type ChallengeAnswer,
  CHALLENGES,
  type Challenged,
  type Credentials,
  type FindSubject,
  type RefreshableSession,
  type SignedIn,
  type SignIn,
  type Subject,
  TOKEN_LIFE_SECONDS,
  type Tokens,
} from '../identity-provider.js';
import { coarseNetworkOf } from '../coarse-network.js';
import { SessionsRepository } from '../sessions.repository.js';
import { Usernames } from '../usernames.js';
import { CognitoClient } from './cognito-client.js';
import { CognitoDirectory } from './cognito-directory.js';
import { unlessNothing } from './cognito-errors.js';

/** What InitiateAuth and its kin answer with. */
interface AuthAnswer {
  readonly AuthenticationResult?: {
    readonly AccessToken?: string | undefined;
    readonly IdToken?: string | undefined;
    readonly RefreshToken?: string | undefined;
    readonly ExpiresIn?: number | undefined;
  };
  readonly ChallengeName?: string | undefined;
  readonly ChallengeParameters?: Record<string, string> | undefined;
  readonly Session?: string | undefined;
}

interface AccessClaims {
  readonly sub: string;
  readonly iat: number;
  readonly auth_time?: number;
  readonly origin_jti?: string;
}

interface IdClaims {
  readonly email?: string;
  /** Cognito's tokens have a boolean, some emulators a text. */
  readonly email_verified?: boolean | string;
}

/** Who signs in, by the name they gave, and from where. */
interface SignInOrigin {
  readonly username: string;
  readonly userAgent: string | undefined;
  readonly address: string;
}

/** Cognito signs in; the session it names (`origin_jti`) gets a row here, by which it can be seen and ended. */
@Injectable()
export class CognitoSignIn implements SignIn {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly cognito: CognitoClient,
    private readonly directory: CognitoDirectory,
    private readonly usernames: Usernames,
    private readonly sessions: SessionsRepository,
    private readonly clock: Clock,
  ) {}

  async login(
    { identifier, password, userAgent, address }: Credentials,
    find: FindSubject,
  ): Promise<SignedIn | Challenged> {
    const holder = identifier.includes('@') ? undefined : await this.usernames.holderOf(identifier);
    const username = holder ?? identifier;
    try {
      const answer = await this.cognito.call('InitiateAuth', {
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: this.cognito.clientId,
        AuthParameters: { USERNAME: username, PASSWORD: password },
      });
      return await this.proceed(
        answer,
        { username, userAgent, address },
        find,
        () => new InvalidCredentials(),
      );
    } catch (error) {
      if (!(error instanceof InvalidCredentials)) throw error;
      throw new InvalidCredentials(await this.directory.subOf(username));
    }
  }

  async answerChallenge(
    { challenge, session, answer, userAgent, address }: ChallengeAnswer,
    find: FindSubject,
  ): Promise<SignedIn | Challenged> {
    const { username, Session } = opened(session);
    const field = { SOFTWARE_TOKEN_MFA: 'SOFTWARE_TOKEN_MFA_CODE', NEW_PASSWORD_REQUIRED: 'NEW_PASSWORD' };
    const next = await this.cognito.call('RespondToAuthChallenge', {
      ClientId: this.cognito.clientId,
      ChallengeName: challenge,
      Session,
      ChallengeResponses: { USERNAME: username, [field[challenge]]: answer },
    });
    return this.proceed(next, { username, userAgent, address }, find, () => new ChallengeFailed());
  }

  async refresh(refreshToken: string, find: FindSubject): Promise<Tokens> {
    const tokens = await this.exchange(refreshToken);
    const claims = claimsOf(tokens.accessToken);
    const subject = await find(claims.sub);
    if (subject && (await this.goesOn(subject, claims))) return tokens;
    await this.revokeToken(tokens.refreshToken);
    throw new RefreshInvalid();
  }

  /** The tokens that it can be exchanged for name the session that a token of Cognito's belongs to. */
  async sessionOf(refreshToken: string): Promise<RefreshableSession | undefined> {
    try {
      const tokens = await this.exchange(refreshToken);
      const { sub, origin_jti: id } = claimsOf(tokens.accessToken);
      return { sub, id, revoke: () => this.revokeToken(tokens.refreshToken) };
    } catch (error) {
      if (error instanceof RefreshInvalid || error instanceof RefreshReused) return undefined;
      throw error;
    }
  }

  async signOutEverywhere({ sub, accessToken }: Caller): Promise<void> {
    if (accessToken === undefined) return this.directory.signOut(sub);
    try {
      await this.cognito.call('GlobalSignOut', { AccessToken: accessToken });
    } catch (error) {
      // The try before may have got as far as Cognito, which takes the token no more.
      if (!(error instanceof TokenRefused)) throw error;
      await this.directory.signOut(sub);
    }
    return undefined;
  }

  /** A session that began at the pool has no row until it is seen here; one that was ended here has none any more. */
  private async goesOn(subject: Subject, { sub, origin_jti: id, ...claims }: AccessClaims): Promise<boolean> {
    if (id === undefined) return true;
    if (await this.sessions.use(sub, id, this.clock.seconds())) return true;
    const startedAt = claims.auth_time ?? claims.iat;
    if (startedAt < subject.tokensValidAfter || Object.hasOwn(subject.revokedSessions, id)) return false;
    await this.sessions.noteExisting({ sub, id, startedAt, userAgent: undefined });
    return true;
  }

  private async revokeToken(Token: string): Promise<void> {
    const { clientId: ClientId } = this.cognito;
    await unlessNothing(this.cognito.call('RevokeToken', { ClientId, Token }));
  }

  private async proceed(
    answer: AuthAnswer,
    { username, userAgent, address }: SignInOrigin,
    find: FindSubject,
    unknown: () => Error,
  ): Promise<SignedIn | Challenged> {
    const { AuthenticationResult: result, ChallengeName: challenge, Session = '' } = answer;
    if (!result)
      return challenged(challenge, answer.ChallengeParameters?.['USER_ID_FOR_SRP'] ?? username, Session);
    let tokens = tokensFrom(result, result.RefreshToken ?? '');
    let claims = claimsOf(tokens.accessToken);
    const subject = await find(claims.sub);
    if (!subject) throw unknown();
    if (claims.iat < subject.tokensValidAfter) {
      // All tokens up to this very second were voided, and Cognito dates its tokens by the second.
      await pause(1000);
      tokens = await this.exchange(tokens.refreshToken);
      claims = claimsOf(tokens.accessToken);
    }
    const { sub, origin_jti: sessionId, auth_time: signedInAt = claims.iat } = claims;
    const startedAt = Math.max(signedInAt, subject.tokensValidAfter);
    const network = coarseNetworkOf(address);
    if (sessionId !== undefined)
      await this.sessions.create({ sub, id: sessionId, startedAt, userAgent, network });
    const { email, email_verified: verified } = jwt.decode(tokens.idToken) as unknown as IdClaims;
    const confirmedEmail =
      email !== undefined && String(verified) === 'true' ? canonicalEmail(email) : undefined;
    return { tokens, subject, sessionId, confirmedEmail };
  }

  private async exchange(refreshToken: string): Promise<Tokens> {
    const { clientId: ClientId } = this.cognito;
    if (this.config.cognito.refreshRotation) {
      const input = { ClientId, RefreshToken: refreshToken };
      const { AuthenticationResult: result } = await this.cognito.call('GetTokensFromRefreshToken', input);
      return tokensFrom(result, refreshToken);
    }
    const input = {
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId,
      AuthParameters: { REFRESH_TOKEN: refreshToken },
    } as const;
    const { AuthenticationResult: result } = await this.cognito.call('InitiateAuth', input, 'Refresh');
    return tokensFrom(result, refreshToken);
  }
}

/** @param refreshToken the one to go on with where Cognito gives no new one */
function tokensFrom(result: AuthAnswer['AuthenticationResult'], refreshToken: string): Tokens {
  const { AccessToken: accessToken, IdToken: idToken, RefreshToken, ExpiresIn } = result ?? {};
  if (accessToken === undefined || idToken === undefined)
    throw new ServiceUnavailable(new Error('Cognito gave no tokens'));
  return {
    accessToken,
    idToken,
    refreshToken: RefreshToken ?? refreshToken,
    expiresIn: ExpiresIn ?? TOKEN_LIFE_SECONDS,
  };
}

/** A token that Cognito has just given needs no proof. */
const claimsOf = (token: string) => jwt.decode(token) as unknown as AccessClaims;

/** Cognito's answer must name the user again: the name travels with its session. */
function challenged(name: string | undefined, username: string, Session: string): Challenged {
  const challenge = CHALLENGES.find((known) => known === name);
  if (!challenge)
    throw new ServiceUnavailable(new Error(`Cognito asks for ${name}, which is not set up here`));
  return { challenge, session: Buffer.from(JSON.stringify([username, Session])).toString('base64url') };
}

function opened(session: string): { username: string; Session: string } {
  try {
    const [username, Session] = JSON.parse(Buffer.from(session, 'base64url').toString()) as unknown[];
    if (typeof username === 'string' && typeof Session === 'string') return { username, Session };
  } catch {
    // Not made here: as wrong as one that Cognito does not know.
  }
  throw new ChallengeFailed();
}
