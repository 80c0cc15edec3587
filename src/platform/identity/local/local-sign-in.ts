import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { Clock } from '../../clock.js';
import { Table } from '../../dynamodb/table.js';
import { IdSource } from '../../ids.js';
import {
  ChallengeFailed,
  CodeInvalid,
  InvalidCredentials,
  NotConfirmed,
  RefreshInvalid,
  RefreshReused,
} from '../identity-errors.js';
import {
  type ChallengeAnswer,
  type Challenged,
  type Credentials,
  endedByPasswordChange,
  type FindSubject,
  type RefreshableSession,
  type SignedIn,
  type SignIn,
  type Subject,
  type Tokens,
} from '../identity-provider.js';
import { type RefreshableRow, SessionsRepository } from '../sessions.repository.js';
import { coarseNetworkOf } from '../coarse-network.js';
import { AccountsRepository } from './accounts.repository.js';
import { ChallengeSessions } from './challenge-sessions.js';
import { LocalSecondFactor } from './local-second-factor.js';
import { assertRoomToVerify, verifyPassword } from './password.js';
import { hashOf, parseRefreshToken, type RefreshToken, RefreshTokens, textOf } from './refresh-tokens.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { TokenIssuer } from './token-issuer.js';

/** Used tokens that a session remembers within the grace. */
const USED_TOKENS = 20;

/** A password that was checked, and the session that begins with it. */
interface SessionStart {
  readonly subject: Subject;
  readonly passwordVersion: number;
  readonly userAgent: string | undefined;
  readonly address: string;
}

@Injectable()
export class LocalSignIn implements SignIn {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly accounts: AccountsRepository,
    private readonly sessions: SessionsRepository,
    private readonly challenges: ChallengeSessions,
    private readonly secondFactor: LocalSecondFactor,
    private readonly throttle: SignInThrottle,
    private readonly issuer: TokenIssuer,
    private readonly refreshTokens: RefreshTokens,
    private readonly table: Table,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  async login(credentials: Credentials, find: FindSubject): Promise<SignedIn | Challenged> {
    const { identifier, password, address, userAgent } = credentials;
    assertRoomToVerify();
    const sub = await this.accounts.findSub(identifier);
    // Counted for the name that was typed: an address and a username must not show that they are of one account.
    const attempt = await this.throttle.beginPassword({ sub, account: identifier.toLowerCase(), address });
    // Read consistently: the password of a moment ago is none. Somebody unknown takes every step that somebody known takes, so that time tells nothing.
    const account = await this.accounts.find(sub ?? 'nobody', { consistent: true });
    const right = await verifyPassword(password, account?.password);
    if (!right || !account || sub === undefined) throw new InvalidCredentials(sub);
    if (!account.confirmed) throw new NotConfirmed();
    const subject = await find(sub);
    if (!subject) throw new InvalidCredentials(sub);
    await attempt.succeeded();
    const { passwordVersion } = account;
    if (await this.secondFactor.isEnabled(sub)) {
      const session = await this.challenges.open({ ...subject, passwordVersion });
      return { challenge: 'SOFTWARE_TOKEN_MFA', session };
    }
    return this.startSession({ subject, passwordVersion, userAgent, address });
  }

  async answerChallenge(
    { challenge, session, answer, address, userAgent }: ChallengeAnswer,
    find: FindSubject,
  ): Promise<SignedIn> {
    const proof = challenge === 'SOFTWARE_TOKEN_MFA' ? await this.challenges.read(session) : undefined;
    if (!proof) throw new ChallengeFailed();
    const { sub, passwordVersion } = proof;
    try {
      await this.secondFactor.assertRight(sub, address, answer);
    } catch (error) {
      throw error instanceof CodeInvalid ? new ChallengeFailed(sub) : error;
    }
    const subject = await find(sub);
    if (!subject || subject.tokensValidAfter !== proof.tokensValidAfter) throw new ChallengeFailed(sub);
    try {
      return await this.startSession({ subject, passwordVersion, userAgent, address });
    } catch (error) {
      throw error instanceof InvalidCredentials ? new ChallengeFailed(sub) : error;
    }
  }

  /**
   * A used token is answered with the token that continues the session for some seconds (`REFRESH_GRACE_SECONDS`): two
   * tabs refresh at once, and an answer may be lost. After that it is taken for a stolen one.
   */
  async refresh(refreshToken: string, find: FindSubject): Promise<Tokens> {
    const token = parseRefreshToken(refreshToken);
    const { sub } = token;
    const [subject, row] = await Promise.all([find(sub), this.sessions.findRefreshable(sub, token.session)]);
    if (!subject || !row || this.isOver(row, subject)) throw new RefreshInvalid();
    const current =
      hashOf(token) === row.tokenHash ? await this.rotate(token, row) : await this.currentOf(token, row);
    const tokens = await this.issuer.issue(subject, token.session, row.session.startedAt);
    return { ...tokens, refreshToken: textOf(current) };
  }

  /** The row of its session is what makes a token of use; whoever asks removes that. */
  async sessionOf(refreshToken: string): Promise<RefreshableSession | undefined> {
    try {
      const token = parseRefreshToken(refreshToken);
      if (!(await this.refreshTokens.isGenuine(token))) return undefined;
      return { sub: token.sub, id: token.session, revoke: async () => {} };
    } catch (error) {
      if (error instanceof RefreshInvalid) return undefined;
      throw error;
    }
  }

  async signOutEverywhere(): Promise<void> {}

  private async rotate(token: RefreshToken, row: RefreshableRow): Promise<RefreshToken> {
    const now = this.clock.seconds();
    const successor = await this.refreshTokens.successorOf(token);
    const used = [{ hash: hashOf(token), at: now }, ...row.used.filter(({ at }) => this.isInGrace(at))];
    const next = { tokenHash: hashOf(successor), used: used.slice(0, USED_TOKENS), lastUsedAt: now };
    const outcome = await this.sessions.rotate(token.sub, row, next);
    if (!outcome) throw new RefreshInvalid();
    return outcome.rotated ? successor : this.currentOf(token, outcome.row);
  }

  /** @throws {RefreshReused} for a token that was used before the grace @throws {RefreshInvalid} */
  private async currentOf(token: RefreshToken, row: RefreshableRow): Promise<RefreshToken> {
    const use = row.used.find(({ hash }) => hash === hashOf(token));
    if (use && this.isInGrace(use.at)) {
      const current = await this.refreshTokens.currentFrom(token, row);
      if (current) return current;
    }
    if (!(await this.refreshTokens.isGenuine(token))) throw new RefreshInvalid();
    throw new RefreshReused({ sub: token.sub, id: token.session });
  }

  private isInGrace(usedAt: number): boolean {
    const { refreshGraceSeconds } = this.config.auth;
    return refreshGraceSeconds > 0 && this.clock.seconds() - usedAt <= refreshGraceSeconds;
  }

  private isOver({ session }: RefreshableRow, subject: Subject): boolean {
    const { startedAt, expiresAt } = session;
    const voided = startedAt < subject.tokensValidAfter || endedByPasswordChange(subject, session);
    return voided || expiresAt <= this.clock.seconds();
  }

  private async startSession({
    subject,
    passwordVersion,
    userAgent,
    address,
  }: SessionStart): Promise<SignedIn> {
    const { sub, tokensValidAfter, sessionsValidAfter } = subject;
    const id = this.ids.next();
    const token = await this.refreshTokens.first(sub, id);
    // Not before the second from which on this subject's tokens and sessions count (see TokenIssuer).
    const startedAt = Math.max(this.clock.seconds(), tokensValidAfter, sessionsValidAfter);
    const network = coarseNetworkOf(address);
    await this.table.transact([
      this.sessions.creation({ sub, id, tokenHash: hashOf(token), startedAt, userAgent, network }),
      this.accounts.samePassword(sub, passwordVersion),
    ]);
    const tokens = await this.issuer.issue(subject, id, startedAt);
    return { tokens: { ...tokens, refreshToken: textOf(token) }, subject, sessionId: id };
  }
}
