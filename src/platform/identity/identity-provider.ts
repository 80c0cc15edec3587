import type { Write } from '../dynamodb/table.js';

/** What tokens say of a user, and from when on they count. */
export interface Subject {
  readonly sub: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string;
  readonly username?: string | undefined;
  readonly role: string;
  readonly theme?: string | undefined;
  /** Tokens issued before this second (since the epoch) are void. */
  readonly tokensValidAfter: number;
}

/** Finds the subject of a sign-in; undefined when the account may not be used. */
export type FindSubject = (sub: string) => Promise<Subject | undefined>;

export interface NewAccount {
  readonly email: string;
  readonly username?: string | undefined;
  readonly password: string;
  readonly name: string;
  /** Whether the account is of no use until its address is confirmed. */
  readonly confirmFirst: boolean;
}

export interface Credentials {
  /** An e-mail address or a username. */
  readonly identifier: string;
  readonly password: string;
  /** The client's network address, for throttling; never stored in clear. */
  readonly address: string;
  readonly userAgent?: string | undefined;
}

export interface Tokens {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string;
  /** Seconds that access and id token live. */
  readonly expiresIn: number;
}

export interface SignedIn {
  readonly tokens: Tokens;
  readonly subject: Subject;
  /** `origin_jti` of the tokens; undefined where the provider does not name sessions. */
  readonly sessionId: string | undefined;
}

export const CHALLENGES = ['SOFTWARE_TOKEN_MFA', 'NEW_PASSWORD_REQUIRED'] as const;
export type ChallengeName = (typeof CHALLENGES)[number];

/** The password was right, and something more is asked for. */
export interface Challenged {
  readonly challenge: ChallengeName;
  /** Proves the password in the answer. Opaque, and short-lived. */
  readonly session: string;
}

export interface ChallengeAnswer extends Challenged {
  /** The code of the authenticator, a backup code, or the new password. */
  readonly answer: string;
  readonly address: string;
  readonly userAgent?: string | undefined;
}

/** Somebody who is signed in, and the token they came with if it is an access token. */
export interface Caller {
  readonly sub: string;
  readonly accessToken: string | undefined;
}

/** A JSON Web Key Set (RFC 7517). */
export interface JsonWebKeySet {
  readonly keys: readonly object[];
}

/** Seconds that access and id tokens live, as Cognito's. */
export const TOKEN_LIFE_SECONDS = 3600;

/** What is known of an account apart from what this API stores of its user. */
export interface AccountFacts {
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string;
  /** Cognito's groups; they seed the role of somebody who is new here. */
  readonly groups: readonly string[];
}

/** What tokens carry along for those who only read tokens: copies, the table is the source. */
export interface Claims {
  readonly role: string;
  readonly theme?: string | undefined;
  /** The invitation's id, never its code. */
  readonly inviteId?: string | undefined;
}

interface TokenSource {
  readonly issuer: string;
  readonly clientId: string;
  /** Seconds that a session which was ended must be remembered: as long as anybody can get tokens of it. */
  readonly sessionMemorySeconds: number;
  /** @throws {ServiceUnavailable} */
  keySet(): Promise<JsonWebKeySet>;
}

interface Registration {
  /** Whether an address must be confirmed, whatever the account says. */
  readonly alwaysConfirms: boolean;
  /**
   * Makes an account and mails a code where an address must be confirmed. `alongside` are rows that stand or fall
   * with it; `isLetIn` tells whether an account that stands in the way has such rows.
   * @throws {AccountExists} @throws {UsernameTaken} @throws {PasswordRefused} @throws {RegistrationRefused}
   */
  register(
    account: NewAccount,
    alongside: (sub: string) => readonly Write[],
    isLetIn: (sub: string) => Promise<boolean>,
  ): Promise<{ readonly sub: string; readonly confirmed: boolean }>;
  /** @returns whose address it is @throws {CodeInvalid} @throws {TooManyFailures} */
  confirm(email: string, code: string): Promise<string | undefined>;
  /** Mails another code, if there is an account that waits for one. */
  resend(email: string): Promise<void>;
}

interface SignIn {
  /**
   * @throws {InvalidCredentials} @throws {TooManyFailures} @throws {NotConfirmed} @throws {PasswordResetRequired}
   */
  login(credentials: Credentials, find: FindSubject): Promise<SignedIn | Challenged>;
  /** @throws {ChallengeFailed} @throws {TooManyFailures} @throws {PasswordRefused} */
  answerChallenge(answer: ChallengeAnswer, find: FindSubject): Promise<SignedIn | Challenged>;
  /** Changes a refresh token for new tokens. @throws {RefreshInvalid} @throws {RefreshReused} */
  refresh(refreshToken: string, find: FindSubject): Promise<Tokens>;
  /** Makes a refresh token useless. @returns the session it belongs to, where that can be told */
  revoke(sub: string, refreshToken: string): Promise<string | undefined>;
  /** Makes all refresh tokens of somebody useless, beyond what is kept in the table. */
  signOutEverywhere(caller: Caller): Promise<void>;
}

interface Passwords {
  /** Whether a password can be checked without signing in. */
  readonly checkable: boolean;
  /** @throws {InvalidCredentials} @throws {TooManyFailures} */
  assertRight(caller: Caller & { readonly address: string }, password: string): Promise<void>;
  /** Mails a code for a new password, if there is somebody to mail it to. */
  startReset(email: string): Promise<void>;
  /**
   * Sets the password; `alongside` voids the tokens made so far. @returns whose it is
   * @throws {CodeInvalid} @throws {PasswordRefused} @throws {TooManyFailures}
   */
  finishReset(
    reset: { readonly email: string; readonly code: string; readonly newPassword: string },
    alongside: (sub: string) => Promise<readonly Write[]>,
  ): Promise<string>;
  /** @throws {InvalidCredentials} @throws {PasswordRefused} @throws {TooManyFailures} @throws {AccessTokenRequired} */
  change(
    caller: Caller & { readonly address: string },
    passwords: { readonly current: string; readonly next: string },
  ): Promise<void>;
}

/** TOTP (RFC 6238). */
interface SecondFactor {
  /** @returns the secret in base32 @throws {AccessTokenRequired} @throws {SecondFactorStanding} */
  enrol(caller: Caller): Promise<string>;
  /** @returns backup codes, shown once; none where the provider has none @throws {CodeInvalid} @throws {AccessTokenRequired} */
  enable(caller: Caller & { readonly address: string }, code: string): Promise<readonly string[]>;
  /** @throws {CodeInvalid} @throws {AccessTokenRequired} @throws {TooManyFailures} */
  disable(caller: Caller & { readonly address: string }, code: string): Promise<void>;
}

interface Directory {
  describe(sub: string): Promise<AccountFacts | undefined>;
  /** Brings the copies in tokens up to date. */
  copyClaims(sub: string, claims: Claims): Promise<void>;
  setEnabled(sub: string, enabled: boolean): Promise<void>;
  /** Removes the account and all it needed to sign in; safe to be run again. @returns how many rows went */
  remove(sub: string): Promise<number>;
}

/** Who somebody is. One adapter keeps accounts in the table, another asks a Cognito user pool. */
export interface IdentityProvider {
  readonly tokens: TokenSource;
  readonly registration: Registration;
  readonly signIn: SignIn;
  readonly passwords: Passwords;
  readonly secondFactor: SecondFactor;
  readonly directory: Directory;
}

export type { Directory, Passwords, Registration, SecondFactor, SignIn, TokenSource };

export const IDENTITY = Symbol('IdentityProvider');
