import { createHash, randomBytes, randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import type { Write } from '../../dynamodb/table.js';
import { IdSource } from '../../ids.js';
import { ApplicationKeys } from '../../secrets/application-keys.js';
import {
  CodeInvalid,
  type Credentials,
  type FindSubject,
  type IdentityProvider,
  InvalidCredentials,
  type NewAccount,
  RefreshInvalid,
  RefreshReused,
  type Subject,
  type Tokens,
} from '../identity-provider.js';
import { AccountsRepository } from './accounts.repository.js';
import { hashPassword, verifyPassword } from './password.js';
import { SessionsRepository } from './sessions.repository.js';
import { SignInBackoff } from './sign-in-backoff.js';
import { SigningKeys } from './signing-keys.js';
import { TokenIssuer } from './token-issuer.js';

const RESET_MINUTES = 60;

/** Accounts in the table: scrypt as in seed 002, tokens as from Cognito. */
@Injectable()
export class LocalIdentity implements IdentityProvider {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly sessions: SessionsRepository,
    private readonly backoff: SignInBackoff,
    private readonly issuer: TokenIssuer,
    private readonly signingKeys: SigningKeys,
    private readonly keys: ApplicationKeys,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  async register({ password, ...account }: NewAccount, alongside: readonly Write[]): Promise<void> {
    await this.accounts.create(account, await hashPassword(password), alongside);
  }

  renaming(sub: string, from: string | undefined, to: string | undefined): readonly Write[] {
    return this.accounts.renaming(sub, from, to);
  }

  async login(credentials: Credentials, find: FindSubject): Promise<{ tokens: Tokens; subject: Subject }> {
    const { identifier, password, address, userAgent } = credentials;
    const sub = await this.accounts.findSub(identifier);
    const attempt = await this.backoff.begin(sub ?? identifier.toLowerCase(), address);
    // Somebody unknown takes every step that somebody known takes, so that time tells nothing.
    const stored = await this.accounts.findPassword(sub ?? 'nobody');
    const right = await verifyPassword(password, stored);
    const subject = right && sub !== undefined ? await find(sub) : undefined;
    if (!subject) throw new InvalidCredentials();
    await attempt.succeeded();
    return { tokens: await this.startSession(subject, userAgent), subject };
  }

  async refresh(refreshToken: string, find: FindSubject): Promise<Tokens> {
    const { sub, session, secret } = parse(refreshToken);
    const subject = await find(sub);
    if (!subject) throw new RefreshInvalid();
    const next = await this.newSecret(sub, session);
    const rotated = await this.sessions.rotate(sub, session, hashOf(secret), hashOf(next));
    const reused = rotated === 'other-token' && (await this.isGenuine(sub, session, secret));
    if (reused) throw new RefreshReused(sub, session);
    if (typeof rotated === 'string') throw new RefreshInvalid();
    const over = rotated.expiresAt <= this.clock.seconds() || rotated.startedAt < subject.tokensValidAfter;
    if (over) throw new RefreshInvalid();
    const tokens = await this.issuer.issue(subject, session, rotated.startedAt);
    return { ...tokens, refreshToken: `${sub}.${session}.${next}` };
  }

  async logout(sub: string, sessionId: string): Promise<void> {
    await this.sessions.remove(sub, sessionId);
  }

  async sessionOf(sub: string, refreshToken: string): Promise<string | undefined> {
    try {
      const token = parse(refreshToken);
      const genuine = token.sub === sub && (await this.isGenuine(sub, token.session, token.secret));
      return genuine ? token.session : undefined;
    } catch (error) {
      if (error instanceof RefreshInvalid) return undefined;
      throw error;
    }
  }

  async startPasswordReset(email: string): Promise<{ code: string; minutes: number } | undefined> {
    const sub = await this.accounts.findSub(email);
    if (sub === undefined) return undefined;
    const code = randomInt(0, 1_000_000).toString().padStart(6, '0');
    const sent = await this.accounts.saveResetCode(sub, await this.codeMac(sub, code), this.clock.seconds());
    return sent ? { code, minutes: RESET_MINUTES } : undefined;
  }

  async finishPasswordReset(
    { email, code, newPassword }: { email: string; code: string; newPassword: string },
    alongside: (sub: string) => readonly Write[],
  ): Promise<void> {
    const sub = await this.accounts.findSub(email);
    if (sub === undefined) throw new CodeInvalid();
    const { codeMac } = await this.accounts.takeGuess(sub);
    const right = await this.keys.verify('reset code', `${sub} ${code}`, Buffer.from(codeMac, 'hex'));
    if (!right) throw new CodeInvalid();
    await this.accounts.resetPassword(sub, codeMac, await hashPassword(newPassword), alongside(sub));
    await this.sessions.removeAll(sub);
  }

  keySet(): Promise<{ keys: readonly Record<string, unknown>[] }> {
    return this.signingKeys.publicSet();
  }

  private async startSession(subject: Subject, userAgent: string | undefined): Promise<Tokens> {
    const session = this.ids.next();
    const secret = await this.newSecret(subject.sub, session);
    // Not before the second from which on this subject's tokens count (see TokenIssuer).
    const startedAt = Math.max(this.clock.seconds(), subject.tokensValidAfter);
    await this.sessions.create(subject.sub, session, hashOf(secret), startedAt, userAgent);
    const tokens = await this.issuer.issue(subject, session, startedAt);
    return { ...tokens, refreshToken: `${subject.sub}.${session}.${secret}` };
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

  private async codeMac(sub: string, code: string): Promise<string> {
    return (await this.keys.sign('reset code', `${sub} ${code}`)).toString('hex');
  }
}

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('base64url');

function parse(refreshToken: string): { sub: string; session: string; secret: string } {
  const { groups } =
    /^(?<sub>[\w-]{1,64})\.(?<session>[\w-]{1,64})\.(?<secret>[\w-]{1,64})$/.exec(refreshToken) ?? {};
  if (!groups) throw new RefreshInvalid();
  return groups as { sub: string; session: string; secret: string };
}
