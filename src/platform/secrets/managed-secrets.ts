import type { Config } from '../../config/config.js';
import { clientOptions, sendToAws } from '../aws-client.js';
import type { SecretName, SecretStore } from './secrets.js';

/** The token of the first version: whoever comes second with it is told that the version exists. */
const FIRST_VERSION = '00000000-0000-4000-8000-000000000001';

/** AWS Secrets Manager: one secret each, `hearth/<stage>/<name>`. Its client is loaded with the first secret. */
export class ManagedSecrets implements SecretStore {
  private connecting: ReturnType<ManagedSecrets['connect']> | undefined;

  constructor(private readonly config: Config) {}

  async load(name: SecretName): Promise<unknown> {
    const { client, GetSecretValueCommand } = await this.sdk();
    const command = new GetSecretValueCommand({ SecretId: this.idOf(name) });
    try {
      const { SecretString } = await sendToAws((options) => client.send(command, options));
      return SecretString === undefined ? undefined : JSON.parse(SecretString);
    } catch (error) {
      if (isCalled(error, 'ResourceNotFoundException')) return undefined;
      throw error;
    }
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
    const { client, CreateSecretCommand, PutSecretValueCommand } = await this.sdk();
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

  private sdk() {
    return (this.connecting ??= this.connect());
  }

  private async connect() {
    const sdk = await import('./secrets-manager.sdk.js');
    const { endpoint } = this.config.secrets;
    return { ...sdk, client: new sdk.SecretsManagerClient(clientOptions(this.config, endpoint)) };
  }
}

const isCalled = (error: unknown, name: string) => (error as Error).name === name;
