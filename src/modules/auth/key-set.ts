import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import {
  IDENTITY,
  type IdentityProvider,
  type JsonWebKeySet,
} from '../../platform/identity/identity-provider.js';

const RELOAD_MS = 10_000;

/**
 * The provider's public keys. However many unknown `kid`s arrive, they are asked for at most every 10 s. While the
 * provider does not answer the last ones stay good; where there are none yet, its failure is the answer.
 */
@Injectable()
export class KeySet {
  private keys: JsonWebKeySet | undefined;
  private failure: unknown;
  private askedAt = -Infinity;
  private asking: Promise<void> | undefined;

  constructor(
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly clock: Clock,
  ) {}

  /** @throws {ServiceUnavailable} */
  async load(): Promise<JsonWebKeySet> {
    const now = this.clock.now().getTime();
    if (now - this.askedAt >= RELOAD_MS) {
      this.askedAt = now;
      this.asking = this.ask();
    }
    await this.asking;
    if (!this.keys) throw this.failure;
    return this.keys;
  }

  private async ask(): Promise<void> {
    try {
      this.keys = await this.identity.tokens.keySet();
    } catch (error) {
      this.failure = error;
    }
  }
}
