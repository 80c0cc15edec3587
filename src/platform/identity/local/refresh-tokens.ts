import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ApplicationKeys } from '../../secrets/application-keys.js';
import { RefreshInvalid } from '../identity-errors.js';
import type { RefreshableRow } from '../sessions.repository.js';

const RANDOM_BYTES = 16;
const MAC_BYTES = 16;

/** What a refresh token says: whose session it continues, and the secret that proves it. */
export interface RefreshToken {
  readonly sub: string;
  readonly session: string;
  readonly secret: string;
}

/**
 * Refresh tokens of the local provider: `sub.session.secret`. A secret is sixteen bytes and their MAC, by which an old
 * token of a session is told from a made-up one. Each secret follows from the one before, so that a used token can be
 * answered with the same successor again although only hashes are stored.
 */
@Injectable()
export class RefreshTokens {
  constructor(private readonly keys: ApplicationKeys) {}

  async first(sub: string, session: string): Promise<RefreshToken> {
    return this.tokenOf({ sub, session }, randomBytes(RANDOM_BYTES));
  }

  async successorOf(token: RefreshToken): Promise<RefreshToken> {
    const next = await this.keys.sign('refresh successor', textOf(token));
    return this.tokenOf(token, next.subarray(0, RANDOM_BYTES));
  }

  /** The token that continues a session now, found from one that was used before it. */
  async currentFrom(
    token: RefreshToken,
    { tokenHash, used }: RefreshableRow,
  ): Promise<RefreshToken | undefined> {
    const known = new Set([tokenHash, ...used.map(({ hash }) => hash)]);
    let current: RefreshToken | undefined = token;
    for (let step = 0; current && step <= used.length; step += 1) {
      if (hashOf(current) === tokenHash) return current;
      const successors: readonly RefreshToken[] = await this.possibleSuccessorsOf(current);
      current = successors.find((successor) => known.has(hashOf(successor)));
    }
    return undefined;
  }

  async isGenuine(token: RefreshToken): Promise<boolean> {
    const bytes = Buffer.from(token.secret, 'base64url');
    const random = bytes.subarray(0, RANDOM_BYTES);
    return this.keys.verify('refresh', messageOf(token, random), bytes.subarray(RANDOM_BYTES));
  }

  private async tokenOf(
    { sub, session }: Omit<RefreshToken, 'secret'>,
    random: Buffer,
  ): Promise<RefreshToken> {
    const mac = await this.keys.sign('refresh', messageOf({ sub, session }, random));
    return { sub, session, secret: join(random, mac) };
  }

  /** Under each key that counts: the key may have rotated since. */
  private async possibleSuccessorsOf(token: RefreshToken): Promise<readonly RefreshToken[]> {
    const successors: RefreshToken[] = [];
    for (const next of await this.keys.signWithEach('refresh successor', textOf(token))) {
      const random = next.subarray(0, RANDOM_BYTES);
      for (const mac of await this.keys.signWithEach('refresh', messageOf(token, random)))
        successors.push({ ...token, secret: join(random, mac) });
    }
    return successors;
  }
}

/** What is stored of a token. */
export const hashOf = ({ secret }: RefreshToken): string =>
  createHash('sha256').update(secret).digest('base64url');

export const textOf = ({ sub, session, secret }: RefreshToken): string => `${sub}.${session}.${secret}`;

/** @throws {RefreshInvalid} */
export function parseRefreshToken(text: string): RefreshToken {
  const { groups } =
    /^(?<sub>[\w-]{1,64})\.(?<session>[\w-]{1,64})\.(?<secret>[\w-]{1,64})$/.exec(text) ?? {};
  if (!groups) throw new RefreshInvalid();
  return groups as unknown as RefreshToken;
}

const messageOf = ({ sub, session }: Pick<RefreshToken, 'sub' | 'session'>, random: Buffer): string =>
  `${sub} ${session} ${random.toString('hex')}`;

const join = (random: Buffer, mac: Buffer): string =>
  Buffer.concat([random, mac.subarray(0, MAC_BYTES)]).toString('base64url');
