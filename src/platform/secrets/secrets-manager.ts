import type { Config } from '../../config/config.js';
import { clientOptions, sendToAws } from '../aws-client.js';

/** Names a version of a secret; without it the current one. */
interface VersionOfSecret {
  readonly VersionId?: string;
  readonly VersionStage?: string;
}

/** AWS Secrets Manager, as far as the store and the rotation share it. Its client is loaded with the first call. */
export class SecretsManager {
  private connecting: ReturnType<SecretsManager['load']> | undefined;

  constructor(private readonly config: Config) {}

  /** The value of a secret, which is JSON; undefined where there is none. @throws {ServiceUnavailable} */
  async read(SecretId: string, version: VersionOfSecret = {}): Promise<unknown> {
    const { client, GetSecretValueCommand } = await this.connect();
    const command = new GetSecretValueCommand({ SecretId, ...version });
    try {
      const { SecretString } = await sendToAws((options) => client.send(command, options));
      return SecretString === undefined ? undefined : JSON.parse(SecretString);
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }

  connect() {
    return (this.connecting ??= this.load());
  }

  private async load() {
    const sdk = await import('./secrets-manager.sdk.js');
    const { endpoint } = this.config.secrets;
    return { ...sdk, client: new sdk.SecretsManagerClient(clientOptions(this.config, endpoint)) };
  }
}
