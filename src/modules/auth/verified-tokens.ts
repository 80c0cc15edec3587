import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { VerificationKeys } from './verification-keys.js';

const KEPT_SECONDS = 60;
/** Tokens are at most 8 KB. */
const MOST_KEPT = 500;

/** What a token says that its issuer has signed. @property exp seconds since the epoch */
export interface TokenClaims extends Readonly<Record<string, unknown>> {
  readonly exp: number;
}

interface VerifiedToken {
  readonly claims: TokenClaims;
  readonly kid: string;
  readonly key: KeyObject;
  readonly until: number;
}

/**
 * The claims of tokens whose signature was checked within the last minute, for as long as the key that signed them is
 * kept. Nothing else is remembered: whether the account may still use the token is asked every time.
 */
@Injectable()
export class VerifiedTokens {
  private readonly tokens = new Map<string, VerifiedToken>();

  constructor(
    private readonly keys: VerificationKeys,
    private readonly clock: Clock,
  ) {}

  find(token: string): TokenClaims | undefined {
    const found = this.tokens.get(token);
    if (!found) return undefined;
    if (found.until > this.clock.seconds() && this.keys.findKept(found.kid) === found.key)
      return found.claims;
    this.tokens.delete(token);
    return undefined;
  }

  /** @param kid of the key that its signature was checked with */
  add(token: string, kid: string, claims: TokenClaims): void {
    const key = this.keys.findKept(kid);
    if (!key) return;
    if (this.tokens.size >= MOST_KEPT) this.removeOldest();
    this.tokens.set(token, {
      claims,
      kid,
      key,
      until: Math.min(claims.exp, this.clock.seconds() + KEPT_SECONDS),
    });
  }

  private removeOldest(): void {
    const [oldest] = this.tokens.keys();
    if (oldest !== undefined) this.tokens.delete(oldest);
  }
}
