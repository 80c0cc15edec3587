import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { acceptedOf, type DatedKey, type KeyRing, signerOf } from './key-ring.js';
import { Secrets } from './secrets.js';

export interface ApplicationKey extends DatedKey {
  /** 32 bytes in base64. */
  readonly key: string;
}

/** Seconds that a signature counts after its key was replaced: a refresh token's life and a day. */
export const SIGNATURE_LIFE_SECONDS = 31 * 24 * 3600;

/** Keyed hashes for what this API hands out and takes back (cursors, refresh tokens) or must not store in clear. */
@Injectable()
export class ApplicationKeys {
  constructor(
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /** HMAC-SHA-256, 32 bytes. `purpose` keeps uses apart. */
  async sign(purpose: string, message: string): Promise<Buffer> {
    return mac(signerOf(await this.ring(), this.clock.seconds()), purpose, message);
  }

  /** The same under each key that still counts: what this API derived once, it can derive again after a rotation. */
  async signWithEach(purpose: string, message: string): Promise<readonly Buffer[]> {
    const keys = acceptedOf(await this.ring(), this.clock.seconds(), SIGNATURE_LIFE_SECONDS);
    return keys.map((key) => mac(key, purpose, message));
  }

  /** Whether a signature, whole or cut to its first bytes, was made under a key that still counts. */
  async verify(purpose: string, message: string, signature: Buffer): Promise<boolean> {
    const keys = acceptedOf(await this.ring(), this.clock.seconds(), SIGNATURE_LIFE_SECONDS);
    return keys.some((key) => same(mac(key, purpose, message).subarray(0, signature.length), signature));
  }

  /** A pseudonym for an address or a name, safe to be a key in the table; another one after a rotation. */
  async pseudonym(purpose: string, value: string): Promise<string> {
    return (await this.sign(purpose, value)).subarray(0, 16).toString('hex');
  }

  /** The same under each key that counts, that of the key which signs now first. */
  async pseudonyms(purpose: string, value: string): Promise<readonly string[]> {
    const current = await this.pseudonym(purpose, value);
    const each = await this.signWithEach(purpose, value);
    return [...new Set([current, ...each.map((mac) => mac.subarray(0, 16).toString('hex'))])];
  }

  private ring(): Promise<KeyRing<ApplicationKey>> {
    return this.secrets.read('application-keys', async () => ({
      keys: [generateApplicationKey(this.clock.seconds())],
    }));
  }
}

export const generateApplicationKey = (createdAt: number): ApplicationKey => ({
  key: randomBytes(32).toString('base64'),
  createdAt,
});

function mac({ key }: ApplicationKey, purpose: string, message: string): Buffer {
  return createHmac('sha256', Buffer.from(key, 'base64'))
    .update(purpose)
    .update('\0')
    .update(message)
    .digest();
}

function same(one: Buffer, other: Buffer): boolean {
  return one.length >= 16 && one.length === other.length && timingSafeEqual(one, other);
}
