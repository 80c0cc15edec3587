import type { Config } from '../../config/config.js';
import { sendToAws } from '../aws-client.js';
import { SecretsManager } from './secrets-manager.js';
import type { SecretName, SecretStore } from './secrets.js';

/** The token of the first version: whoever comes second with it is told that the version exists. */
const FIRST_VERSION = '00000000-0000-4000-8000-000000000001';

/** AWS Secrets Manager: one secret each, `hearth/<stage>/<name>`. */
export class ManagedSecrets implements SecretStore {
  private readonly manager: SecretsManager;

  constructor(private readonly config: Config) {
    this.manager = new SecretsManager(config);
  }

  load(name: SecretName): Promise<unknown> {
    return this.manager.read(this.idOf(name));
  }

  async create(name: SecretName, value: unknown): Promise<unknown> {
    try {
      await this.put(name, value, FIRST_VERSION);
    } catch (error) {
      if (!isCalled(error, 'ResourceExistsException')) throw error;
    }
    return this.load(name);
  }

  replace(name: SecretName, value: unknown): Promise<void> {
    return this.put(name, value);
  }

  /** A new version; the secret itself is made by the template, or here where there is none. */
  private async put(name: SecretName, value: unknown, token?: string): Promise<void> {
    const { client, CreateSecretCommand, PutSecretValueCommand } = await this.manager.connect();
    const version = { SecretString: JSON.stringify(value), ClientRequestToken: token };
    const put = new PutSecretValueCommand({ SecretId: this.idOf(name), ...version });
    try {
      await sendToAws((options) => client.send(put, options));
    } catch (error) {
      if (!isCalled(error, 'ResourceNotFoundException')) throw error;
      const create = new CreateSecretCommand({ Name: this.idOf(name), ...version });
      await sendToAws((options) => client.send(create, options));
    }
  }

  private idOf(name: SecretName): string {
    return `hearth/${this.config.stage}/${name}`;
  }
}

const isCalled = (error: unknown, name: string) => (error as Error).name === name;
