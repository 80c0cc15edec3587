import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { ServiceUnavailable } from '../faults.js';

export type SecretName = 'signing-keys' | 'application-keys' | 'api-secrets';

/** Where secrets lie, as JSON values. */
export interface SecretStore {
  load(name: SecretName): Promise<unknown>;
  /** Keeps the first value of a secret and gives back what stands: of two who create at once, one wins. */
  create(name: SecretName, value: unknown): Promise<unknown>;
  replace(name: SecretName, value: unknown): Promise<void>;
}

export const SECRET_STORE = Symbol('SecretStore');

const FRESH_MS = 5 * 60_000;

/** The API's own secrets, from memory while they are fresh, and the last known value while the store fails. */
@Injectable()
export class Secrets {
  private readonly remembered = new Map<SecretName, { value: unknown; at: number }>();

  constructor(
    @Inject(SECRET_STORE) private readonly store: SecretStore,
    private readonly clock: Clock,
  ) {}

  /**
   * A secret that is not there yet is made by `create`.
   * @throws {ServiceUnavailable} when it cannot be read and none is remembered.
   */
  async read<T>(name: SecretName, create: () => Promise<T>): Promise<T> {
    const now = this.clock.now().getTime();
    const known = this.remembered.get(name);
    if (known && now - known.at < FRESH_MS) return known.value as T;
    try {
      const value = (await this.store.load(name)) ?? (await this.store.create(name, await create()));
      this.remembered.set(name, { value, at: now });
      return value as T;
    } catch (error) {
      if (known) return known.value as T;
      throw error instanceof ServiceUnavailable ? error : new ServiceUnavailable(error);
    }
  }

  /** Puts what `change` makes of the standing value in its place. */
  async update<T>(name: SecretName, change: (standing: T | undefined) => Promise<T>): Promise<void> {
    await this.store.replace(name, await change((await this.store.load(name)) as T | undefined));
    this.remembered.delete(name);
  }
}
