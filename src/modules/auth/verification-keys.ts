import { createPublicKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwksClient, SigningKeyNotFoundError } from 'jwks-rsa';
import { Clock } from '../../platform/clock.js';
import { ServiceUnavailable } from '../../platform/faults.js';
import { KeySet } from './key-set.js';

const KEPT_MS = 5 * 60_000;
const MOST_KEPT = 10;

interface KeptKey {
  readonly key: KeyObject;
  readonly until: number;
}

/** Public keys by `kid`, each parsed once and kept for five minutes: jwks-rsa exports a PEM whenever it is asked. */
@Injectable()
export class VerificationKeys {
  private readonly kept = new Map<string, KeptKey>();
  private readonly client: JwksClient;

  constructor(
    keySet: KeySet,
    private readonly clock: Clock,
  ) {
    this.client = new JwksClient({ jwksUri: 'key-set', fetcher: () => keySet.load(), cache: false });
  }

  /** @returns undefined for a `kid` that the provider does not publish @throws {ServiceUnavailable} */
  async find(kid: string): Promise<KeyObject | undefined> {
    return this.findKept(kid) ?? this.load(kid);
  }

  /** @returns undefined also for a key that would have to be loaded again */
  findKept(kid: string): KeyObject | undefined {
    const found = this.kept.get(kid);
    return found && found.until > this.clock.now().getTime() ? found.key : undefined;
  }

  private async load(kid: string): Promise<KeyObject | undefined> {
    try {
      const key = createPublicKey((await this.client.getSigningKey(kid)).getPublicKey());
      if (this.kept.size >= MOST_KEPT) this.kept.clear();
      this.kept.set(kid, { key, until: this.clock.now().getTime() + KEPT_MS });
      return key;
    } catch (error) {
      if (error instanceof SigningKeyNotFoundError) return undefined;
      throw new ServiceUnavailable(error);
    }
  }
}
