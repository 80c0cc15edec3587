import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { IDENTITY, type IdentityProvider } from '../../platform/identity/identity-provider.js';

type Keys = Awaited<ReturnType<IdentityProvider['keySet']>>;

const RELOAD_MS = 10_000;

/**
 * The provider's public keys. However many unknown `kid`s arrive, they are asked for at most every 10 s, and
 * while the provider does not answer the last ones stay good.
 */
@Injectable()
export class KeySet {
  private keys: Keys | undefined;
  private askedAt = -Infinity;
  private asking: Promise<Keys> | undefined;

  constructor(
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly clock: Clock,
  ) {}

  async load(): Promise<Keys> {
    const now = this.clock.now().getTime();
    if (this.keys && now - this.askedAt < RELOAD_MS) return this.keys;
    this.askedAt = now;
    this.asking ??= this.identity.keySet().finally(() => {
      this.asking = undefined;
    });
    try {
      this.keys = await this.asking;
    } catch (error) {
      if (!this.keys) throw error;
    }
    return this.keys;
  }
}
