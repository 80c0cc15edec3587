import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SECRETS, type SecretsProvider } from './secrets-provider.js';

interface StoredKeys {
  readonly current: string;
  readonly previous?: string;
}

/** Keyed hashes for what this API hands out and takes back (cursors, refresh tokens) or must not store in clear. */
@Injectable()
export class ApplicationKeys {
  constructor(@Inject(SECRETS) private readonly secrets: SecretsProvider) {}

  /** HMAC-SHA-256 under the current key, 32 bytes. `purpose` keeps uses apart. */
  async sign(purpose: string, message: string): Promise<Buffer> {
    const { current } = await this.keys();
    return mac(current, purpose, message);
  }

  /** Whether a signature, whole or cut to its first bytes, was made under the current key or the one before. */
  async verify(purpose: string, message: string, signature: Buffer): Promise<boolean> {
    const { current, previous } = await this.keys();
    return [current, previous].some(
      (key) => key !== undefined && same(mac(key, purpose, message).subarray(0, signature.length), signature),
    );
  }

  /** A pseudonym for an address or a name, safe to be a key in the table. */
  async pseudonym(purpose: string, value: string): Promise<string> {
    return (await this.sign(purpose, value)).subarray(0, 16).toString('hex');
  }

  private keys(): Promise<StoredKeys> {
    return this.secrets.read('application-keys', async () => ({
      current: randomBytes(32).toString('base64'),
    }));
  }
}

function mac(key: string, purpose: string, message: string): Buffer {
  return createHmac('sha256', Buffer.from(key, 'base64'))
    .update(purpose)
    .update('\0')
    .update(message)
    .digest();
}

function same(one: Buffer, other: Buffer): boolean {
  return one.length >= 16 && one.length === other.length && timingSafeEqual(one, other);
}
