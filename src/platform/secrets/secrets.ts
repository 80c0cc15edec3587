import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { ServiceUnavailable } from '../faults.js';

export type SecretName =
  'signing-keys' | 'application-keys' | 'api-secrets' | 'origin-secret' | 'embedded-s3';

/** Where secrets lie, as JSON values. */
export interface SecretStore {
  load(name: SecretName): Promise<unknown>;
  /** Keeps the first value of a secret and gives back what stands: of two who create at once, one wins. */
  create(name: SecretName, value: unknown): Promise<unknown>;
}

export const SECRET_STORE = Symbol('SecretStore');

const FRESH_MS = 5 * 60_000;

/** While the store fails, what is remembered counts this much longer before it is asked again. */
const PATIENCE_MS = 30_000;

/** The API's own secrets, from memory while they are fresh, and the last known value while the store fails. */
@Injectable()
export class Secrets {
  private readonly remembered = new Map<SecretName, { value: unknown; until: number }>();
  private readonly loading = new Map<SecretName, Promise<unknown>>();

  constructor(
    @Inject(SECRET_STORE) private readonly store: SecretStore,
    private readonly clock: Clock,
  ) {}

  /**
   * A secret that is not there yet is made by `create`. Many who ask at once wait for one answer.
   * @throws {ServiceUnavailable} when it cannot be read and none is remembered.
   */
  async read<T>(name: SecretName, create: () => Promise<T>): Promise<T> {
    const known = this.remembered.get(name);
    if (known && this.clock.now().getTime() < known.until) return known.value as T;
    const loading = this.loading.get(name) ?? this.load(name, create);
    this.loading.set(name, loading);
    try {
      return (await loading) as T;
    } finally {
      this.loading.delete(name);
    }
  }

  private async load(name: SecretName, create: () => Promise<unknown>): Promise<unknown> {
    const known = this.remembered.get(name);
    const remember = (value: unknown, milliseconds: number) => {
      this.remembered.set(name, { value, until: this.clock.now().getTime() + milliseconds });
      return value;
    };
    try {
      const standing = (await this.store.load(name)) ?? (await this.store.create(name, await create()));
      return remember(standing, FRESH_MS);
    } catch (error) {
      if (known) return remember(known.value, PATIENCE_MS);
      throw error instanceof ServiceUnavailable ? error : new ServiceUnavailable(error);
    }
  }
}
