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
  readonly sub: string;
  readonly email: string;
  readonly username?: string | undefined;
  readonly password: string;
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

/** Seconds that access and id tokens live, as Cognito's. */
export const TOKEN_LIFE_SECONDS = 3600;

/** Who somebody is. One adapter keeps accounts in the table, another may ask a service. */
export interface IdentityProvider {
  /**
   * Makes an account. `alongside` are rows that stand or fall with it where accounts lie in the same table.
   * @throws {AccountExists} @throws {UsernameTaken}
   */
  register(account: NewAccount, alongside: readonly Write[]): Promise<void>;

  /** The writes that move a user's unique name; they stand or fall with the profile that shows it. */
  renaming(sub: string, from: string | undefined, to: string | undefined): readonly Write[];

  /** @throws {InvalidCredentials} @throws {TooManyFailures} */
  login(credentials: Credentials, find: FindSubject): Promise<{ tokens: Tokens; subject: Subject }>;

  /** Changes a refresh token for new tokens. @throws {RefreshInvalid} @throws {RefreshReused} whose session is to be ended */
  refresh(refreshToken: string, find: FindSubject): Promise<Tokens>;

  /** Ends one session; its refresh token stops working at once. */
  logout(sub: string, sessionId: string): Promise<void>;

  /** The session that a refresh token of this user belongs to, if it is a genuine one. */
  sessionOf(sub: string, refreshToken: string): Promise<string | undefined>;

  /** Makes a code that lets the owner of the address set a new password; undefined when there is nobody to send it to. */
  startPasswordReset(email: string): Promise<{ code: string; minutes: number } | undefined>;

  /**
   * Sets the password and ends every session.
   * @throws {CodeInvalid}
   */
  finishPasswordReset(
    reset: { email: string; code: string; newPassword: string },
    alongside: (sub: string) => readonly Write[],
  ): Promise<void>;

  /** The public signing keys, as a JSON Web Key Set (RFC 7517). */
  keySet(): Promise<{ keys: readonly Record<string, unknown>[] }>;
}

export const IDENTITY = Symbol('IdentityProvider');

export class AccountExists extends Error {
  override readonly name = 'AccountExists';
}

export class UsernameTaken extends Error {
  override readonly name = 'UsernameTaken';
}

export class InvalidCredentials extends Error {
  override readonly name = 'InvalidCredentials';
}

export class TooManyFailures extends Error {
  override readonly name = 'TooManyFailures';

  constructor(readonly retryAfterSeconds: number) {
    super('Too many failed sign-ins');
  }
}

export class RefreshInvalid extends Error {
  override readonly name = 'RefreshInvalid';
}

export class RefreshReused extends Error {
  override readonly name = 'RefreshReused';

  constructor(
    readonly sub: string,
    readonly sessionId: string,
  ) {
    super('A refresh token was used twice');
  }
}

export class CodeInvalid extends Error {
  override readonly name = 'CodeInvalid';
}
