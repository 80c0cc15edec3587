import type { Config } from '../../config/config.js';
import { ServiceUnavailable } from '../faults.js';
import type { DatedKey, KeyRing } from './key-ring.js';
import { SecretsManager } from './secrets-manager.js';
import type { SecretName, SecretStore } from './secrets.js';

/**
 * AWS Secrets Manager: one secret each, `hearth/<stage>/<name>`. The template makes them and their rotation gives them
 * their values (`RotationSteps`): whoever answers requests may read them, and nothing else.
 */
export class ManagedSecrets implements SecretStore {
  private readonly manager: SecretsManager;

  constructor(private readonly config: Config) {
    this.manager = new SecretsManager(config);
  }

  /** A ring that the rotation has not put a key into yet is as good as none. */
  async load(name: SecretName): Promise<unknown> {
    const value = await this.manager.read(`hearth/${this.config.stage}/${name}`);
    const { keys } = (value ?? {}) as Partial<KeyRing<DatedKey>>;
    return keys?.length === 0 ? undefined : value;
  }

  /** Never: the seconds between the secret and its first rotation are waited for. @throws {ServiceUnavailable} */
  async create(name: SecretName): Promise<never> {
    throw new ServiceUnavailable(new Error(`The secret ${name} has no value yet`));
  }
}
