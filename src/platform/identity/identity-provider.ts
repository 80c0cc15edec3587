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
  /** Sessions that began before this second (since the epoch) are over, but for `keptSession`. */
  readonly sessionsValidAfter: number;
  readonly keptSession?: string | undefined;
  /** Sessions that were ended, each with the second until which their tokens can live. */
  readonly revokedSessions: Readonly<Record<string, number>>;
  /** Addresses that the account had before and may get back, newest first. */
  readonly formerEmails: readonly string[];
}

/** Whether a session is over because the password was changed in another one. */
export const endedByPasswordChange = (
  { sessionsValidAfter, keptSession }: Pick<Subject, 'sessionsValidAfter' | 'keptSession'>,
  { id, startedAt }: { readonly id: string | undefined; readonly startedAt: number },
): boolean => startedAt < sessionsValidAfter && (keptSession === undefined || id !== keptSession);

/** Finds the subject of a sign-in; undefined when the account may not be used. @throws {NotAdmitted} */
export type FindSubject = (sub: string) => Promise<Subject | undefined>;

export interface NewAccount {
  readonly email: string;
  readonly username?: string | undefined;
  readonly password: string;
  readonly name: string;
  /** Whether the account is of no use until its address is confirmed. */
  readonly confirmFirst: boolean;
  /** The secret that the registration answers with, and that confirming the address asks for. */
  readonly token: string;
  /** The client's network. */
  readonly address: string;
}

/** A mail that somebody asks for who is not signed in. */
export interface AddressRequest {
  /** In lower case. */
  readonly email: string;
  /** The client's network. */
  readonly address: string;
}

export interface Confirmation {
  readonly email: string;
  readonly code: string;
  /** Of the registration. */
  readonly token: string;
}

/** A new password, and the proof that whoever sets it reads the mail of the account: a code, or the token of a link. */
export type PasswordReset = { readonly newPassword: string } & (
  { readonly email: string; readonly code: string } | { readonly token: string }
);

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
  /** The user's confirmed address, where the provider is the one that knows it. */
  readonly confirmedEmail?: string | undefined;
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
  /** Whose tokens are accepted; the first is this API's own. */
  readonly clientIds: readonly string[];
  /** Whether people also sign in at the provider itself, so that sessions are first seen by their tokens. */
  readonly sessionsBeginElsewhere: boolean;
  /** Seconds that a session which was ended must be remembered: as long as anybody can get tokens of it. */
  readonly sessionMemorySeconds: number;
  /** @throws {ServiceUnavailable} */
  keySet(): Promise<JsonWebKeySet>;
}

interface Registration {
  /** Whether an address must be confirmed, whatever the account says. */
  readonly alwaysConfirms: boolean;
  /**
   * Makes an account and mails a code where an address must be confirmed. It replaces an account whose address was not
   * confirmed. `alongside` are rows of the same transaction; `forget` removes those of a replaced account.
   * @throws {AccountExists} @throws {UsernameTaken} @throws {PasswordRefused} @throws {RegistrationRefused}
   * @throws {TooManyMails}
   */
  register(
    account: NewAccount,
    alongside: (sub: string) => readonly Write[],
    forget: (sub: string) => Promise<void>,
  ): Promise<{ readonly sub: string; readonly confirmed: boolean }>;
  /**
   * Confirms an address for whoever registered it. `alongside` are writes of the same transaction, where the provider has
   * transactions. @returns whose address it is
   * @throws {CodeInvalid} @throws {TooManyFailures}
   */
  confirm(confirmation: Confirmation, alongside: (sub: string) => Promise<readonly Write[]>): Promise<string>;
  /** Mails another code, if there is an account that waits for one. */
  resend(request: AddressRequest): Promise<void>;
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
  /** The session that a refresh token belongs to, used or not; undefined for a token that is not genuine. */
  sessionOf(refreshToken: string): Promise<RefreshableSession | undefined>;
  /** Makes all refresh tokens of somebody useless, beyond what is kept in the table. */
  signOutEverywhere(caller: Caller): Promise<void>;
}

/** A session, as its refresh token names it. */
export interface RefreshableSession {
  readonly sub: string;
  /** Undefined where the provider does not name sessions. */
  readonly id: string | undefined;
  /** Makes the token useless at the provider; safe to be run again. */
  readonly revoke: () => Promise<void>;
}

interface Passwords {
  /** Whether a password can be checked without signing in. */
  readonly checkable: boolean;
  /** @throws {InvalidCredentials} @throws {TooManyFailures} */
  assertRight(caller: Caller & { readonly address: string }, password: string): Promise<void>;
  /** Mails a code and a link for a new password, if there is somebody who may sign in to mail them to. */
  startReset(request: AddressRequest, find: FindSubject): Promise<void>;
  /**
   * Sets the password, and ends all sessions; `alongside` voids the tokens made so far. @returns whose it is
   * @throws {CodeInvalid} @throws {PasswordRefused} @throws {TooManyFailures}
   */
  finishReset(reset: PasswordReset, alongside: (sub: string) => Promise<readonly Write[]>): Promise<string>;
  /**
   * Sets the password. `alongside` ends other sessions, in one transaction with it where the provider has transactions.
   * @throws {InvalidCredentials} @throws {PasswordRefused} @throws {TooManyFailures} @throws {AccessTokenRequired}
   */
  change(
    caller: Caller & { readonly address: string },
    passwords: { readonly current: string; readonly next: string },
    alongside: readonly Write[],
  ): Promise<void>;
}

/** A change of address, which its holder confirms by a code that is mailed to it. */
interface EmailChanges {
  /** Mails a code to the new address. @throws {AccountExists} @throws {AccessTokenRequired} */
  start(caller: Caller & { readonly address: string }, newEmail: string): Promise<void>;
  /**
   * Changes the address. `alongside` changes the profile, in one transaction with it where the provider has transactions.
   * @throws {CodeInvalid} @throws {AccountExists} @throws {AccessTokenRequired}
   */
  confirm(
    caller: Caller,
    change: EmailChange & { readonly code: string },
    alongside: readonly Write[],
  ): Promise<void>;
  /** Gives an account an address back that it had before; `newEmail` is the one that it has now. @throws {CodeInvalid} when that cannot be done any more */
  undo(sub: string, change: EmailChange, alongside: readonly Write[]): Promise<void>;
}

/** Seconds within which a change of address can be undone. */
export const EMAIL_UNDO_SECONDS = 7 * 24 * 3600;

export interface EmailChange {
  /** In lower case. */
  readonly oldEmail: string;
  readonly newEmail: string;
}

export interface SecondFactorStatus {
  readonly enabled: boolean;
  /** Null where the provider has no backup codes. */
  readonly backupCodesLeft: number | null;
}

/** TOTP (RFC 6238). */
interface SecondFactor {
  status(sub: string): Promise<SecondFactorStatus>;
  /** @returns the secret in base32 @throws {AccessTokenRequired} @throws {SecondFactorStanding} */
  enrol(caller: Caller): Promise<string>;
  /** @returns backup codes, shown once; none where the provider has none @throws {CodeInvalid} @throws {AccessTokenRequired} */
  enable(caller: Caller & { readonly address: string }, code: string): Promise<readonly string[]>;
  /** @throws {CodeInvalid} @throws {AccessTokenRequired} @throws {TooManyFailures} */
  disable(caller: Caller & { readonly address: string }, code: string): Promise<void>;
  /**
   * Replaces all backup codes, for a code of the authenticator or a backup code.
   * @throws {CodeInvalid} @throws {TooManyFailures} @throws {BackupCodesUnsupported}
   */
  regenerateBackupCodes(
    caller: Caller & { readonly address: string },
    code: string,
  ): Promise<readonly string[]>;
  /** Removes somebody's factor without a code, by an administrator. @returns whether there was one */
  reset(sub: string): Promise<boolean>;
}

interface Directory {
  /** @param username as a token of the provider names the user */
  describe(sub: string, username?: string): Promise<AccountFacts | undefined>;
  /** Whose account an address is, confirmed or not. */
  subOf(email: string): Promise<string | undefined>;
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
  readonly email: EmailChanges;
  readonly directory: Directory;
}

export type { Directory, EmailChanges, Passwords, Registration, SecondFactor, SignIn, TokenSource };

export const IDENTITY = Symbol('IdentityProvider');
