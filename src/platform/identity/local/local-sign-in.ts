import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { IdSource } from '../../ids.js';
import { ApplicationKeys } from '../../secrets/application-keys.js';
import {
  ChallengeFailed,
  CodeInvalid,
  InvalidCredentials,
  NotConfirmed,
  RefreshInvalid,
  RefreshReused,
} from '../identity-errors.js';
import type {
  ChallengeAnswer,
  Challenged,
  Credentials,
  FindSubject,
  SignedIn,
  SignIn,
  Subject,
  Tokens,
} from '../identity-provider.js';
import { SessionsRepository } from '../sessions.repository.js';
import { AccountsRepository } from './accounts.repository.js';
import { ChallengeSessions } from './challenge-sessions.js';
import { LocalSecondFactor } from './local-second-factor.js';
import { assertRoomToVerify, verifyPassword } from './password.js';
import { SignInBackoff } from './sign-in-backoff.js';
import { TokenIssuer } from './token-issuer.js';

@Injectable()
export class LocalSignIn implements SignIn {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly sessions: SessionsRepository,
    private readonly challenges: ChallengeSessions,
    private readonly secondFactor: LocalSecondFactor,
    private readonly backoff: SignInBackoff,
    private readonly issuer: TokenIssuer,
    private readonly keys: ApplicationKeys,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  async login(credentials: Credentials, find: FindSubject): Promise<SignedIn | Challenged> {
    const { identifier, password, address, userAgent } = credentials;
    assertRoomToVerify();
    const sub = await this.accounts.findSub(identifier);
    const attempt = await this.backoff.begin(sub ?? identifier.toLowerCase(), address);
    // Read consistently: the password of a moment ago is none. Somebody unknown takes every step that somebody known takes, so that time tells nothing.
    const account = await this.accounts.find(sub ?? 'nobody', { consistent: true });
    const right = await verifyPassword(password, account?.password);
    if (!right || !account || sub === undefined) throw new InvalidCredentials(sub);
    if (!account.confirmed) throw new NotConfirmed();
    const subject = await find(sub);
    if (!subject) throw new InvalidCredentials(sub);
    await attempt.succeeded();
    if (await this.secondFactor.isEnabled(sub)) {
      return { challenge: 'SOFTWARE_TOKEN_MFA', session: await this.challenges.open(subject) };
    }
    return this.startSession(subject, userAgent);
  }

  async answerChallenge(
    { challenge, session, answer, address, userAgent }: ChallengeAnswer,
    find: FindSubject,
  ): Promise<SignedIn> {
    const proof = challenge === 'SOFTWARE_TOKEN_MFA' ? await this.challenges.read(session) : undefined;
    if (!proof) throw new ChallengeFailed();
    const { sub } = proof;
    try {
      await this.secondFactor.assertRight(sub, address, answer);
    } catch (error) {
      throw error instanceof CodeInvalid ? new ChallengeFailed(sub) : error;
    }
    const subject = await find(sub);
    if (!subject || subject.tokensValidAfter !== proof.tokensValidAfter) throw new ChallengeFailed(sub);
    return this.startSession(subject, userAgent);
  }

  async refresh(refreshToken: string, find: FindSubject): Promise<Tokens> {
    const { sub, session, secret } = parse(refreshToken);
    const subject = await find(sub);
    if (!subject) throw new RefreshInvalid();
    const next = await this.newSecret(sub, session);
    const hashes = [hashOf(secret), hashOf(next)] as const;
    const rotated = await this.sessions.rotate(sub, session, hashes, this.clock.seconds());
    const reused = rotated === 'other-token' && (await this.isGenuine(sub, session, secret));
    if (reused) throw new RefreshReused({ sub, id: session });
    if (typeof rotated === 'string') throw new RefreshInvalid();
    const over = rotated.expiresAt <= this.clock.seconds() || rotated.startedAt < subject.tokensValidAfter;
    if (over) throw new RefreshInvalid();
    const tokens = await this.issuer.issue(subject, session, rotated.startedAt);
    return { ...tokens, refreshToken: `${sub}.${session}.${next}` };
  }

  /** The row of its session is what makes a token of use; whoever asks removes that. */
  async revoke(sub: string, refreshToken: string): Promise<string | undefined> {
    try {
      const token = parse(refreshToken);
      const genuine = token.sub === sub && (await this.isGenuine(sub, token.session, token.secret));
      return genuine ? token.session : undefined;
    } catch (error) {
      if (error instanceof RefreshInvalid) return undefined;
      throw error;
    }
  }

  async signOutEverywhere(): Promise<void> {}

  private async startSession(subject: Subject, userAgent: string | undefined): Promise<SignedIn> {
    const { sub } = subject;
    const id = this.ids.next();
    const secret = await this.newSecret(sub, id);
    // Not before the second from which on this subject's tokens count (see TokenIssuer).
    const startedAt = Math.max(this.clock.seconds(), subject.tokensValidAfter);
    await this.sessions.create({ sub, id, tokenHash: hashOf(secret), startedAt, userAgent });
    const tokens = await this.issuer.issue(subject, id, startedAt);
    return { tokens: { ...tokens, refreshToken: `${sub}.${id}.${secret}` }, subject, sessionId: id };
  }

  /** Sixteen random bytes and their MAC: by it an old token of this session is told from a made-up one. */
  private async newSecret(sub: string, session: string): Promise<string> {
    const random = randomBytes(16);
    const mac = await this.keys.sign('refresh', `${sub} ${session} ${random.toString('hex')}`);
    return Buffer.concat([random, mac.subarray(0, 16)]).toString('base64url');
  }

  private async isGenuine(sub: string, session: string, secret: string): Promise<boolean> {
    const bytes = Buffer.from(secret, 'base64url');
    const random = bytes.subarray(0, 16).toString('hex');
    return this.keys.verify('refresh', `${sub} ${session} ${random}`, bytes.subarray(16));
  }
}

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('base64url');

function parse(refreshToken: string): { sub: string; session: string; secret: string } {
  const { groups } =
    /^(?<sub>[\w-]{1,64})\.(?<session>[\w-]{1,64})\.(?<secret>[\w-]{1,64})$/.exec(refreshToken) ?? {};
  if (!groups) throw new RefreshInvalid();
  return groups as { sub: string; session: string; secret: string };
}
