import { createPrivateKey } from 'node:crypto';
import type { Config } from '../../config/config.js';
import { sendToAws } from '../aws-client.js';
import type { Clock } from '../clock.js';
import type { DatedKey, KeyRing } from './key-ring.js';
import { ROTATED, rotated, type RotatedSecret } from './key-rotation.js';
import { SecretsManager } from './secrets-manager.js';

/** What Secrets Manager calls a rotation function with, four times (AWS: "Lambda rotation functions"). */
export interface RotationEvent {
  readonly SecretId: string;
  /** The id of the version that is to be current. */
  readonly ClientRequestToken: string;
  readonly Step: 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';
}

const TOO_OLD_SECONDS = 120;

/** Rotates the key rings in Secrets Manager. Each step may come again. */
export class RotationSteps {
  private readonly manager: SecretsManager;

  constructor(
    config: Config,
    private readonly clock: Clock,
  ) {
    this.manager = new SecretsManager(config);
  }

  async run({ SecretId, ClientRequestToken, Step }: RotationEvent): Promise<void> {
    const name = nameOf(SecretId);
    if (Step === 'createSecret') await this.create(name, SecretId, ClientRequestToken);
    if (Step === 'testSecret') await this.test(name, SecretId, ClientRequestToken);
    if (Step === 'finishSecret') await this.finish(SecretId, ClientRequestToken);
  }

  private async create(name: RotatedSecret, SecretId: string, version: string): Promise<void> {
    const pending = await this.read(SecretId, { VersionId: version, VersionStage: 'AWSPENDING' });
    if (pending) return;
    const current = await this.read(SecretId, { VersionStage: 'AWSCURRENT' });
    const next = await rotated(name, current, this.clock.seconds());
    const { client, PutSecretValueCommand } = await this.manager.connect();
    const command = new PutSecretValueCommand({
      SecretId,
      ClientRequestToken: version,
      SecretString: JSON.stringify(next),
      VersionStages: ['AWSPENDING'],
    });
    await sendToAws((options) => client.send(command, options));
  }

  /** @throws {Error} when the new key is none, or too old: the old version stays current then. */
  private async test(name: RotatedSecret, SecretId: string, version: string): Promise<void> {
    const pending = await this.read(SecretId, { VersionId: version, VersionStage: 'AWSPENDING' });
    const key = pending?.keys[0] as Partial<DatedKey & { privateKey: string; key: string }> | undefined;
    // It signs ten minutes after it was made, by when everybody must have had it from the current version.
    if (this.clock.seconds() - (key?.createdAt ?? 0) > TOO_OLD_SECONDS) {
      await this.giveUp(SecretId, version);
      throw new Error('The rotation took too long. Start another one.');
    }
    if (name === 'signing-keys') createPrivateKey(key?.privateKey ?? '');
    else if (Buffer.from(key?.key ?? '', 'base64').length !== 32)
      throw new Error('The pending key is not 32 bytes long');
  }

  private async finish(SecretId: string, version: string): Promise<void> {
    const { client, DescribeSecretCommand, UpdateSecretVersionStageCommand } = await this.manager.connect();
    const describe = new DescribeSecretCommand({ SecretId });
    const { VersionIdsToStages = {} } = await sendToAws((options) => client.send(describe, options));
    const current = Object.keys(VersionIdsToStages).find((id) =>
      VersionIdsToStages[id]?.includes('AWSCURRENT'),
    );
    if (current === version) return;
    const move = new UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: version,
      RemoveFromVersionId: current,
    });
    await sendToAws((options) => client.send(move, options));
  }

  /** While a version is pending, Secrets Manager starts no other rotation. */
  private async giveUp(SecretId: string, version: string): Promise<void> {
    const { client, UpdateSecretVersionStageCommand } = await this.manager.connect();
    const command = new UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage: 'AWSPENDING',
      RemoveFromVersionId: version,
    });
    await sendToAws((options) => client.send(command, options));
  }

  private read(SecretId: string, version: { readonly VersionId?: string; readonly VersionStage: string }) {
    return this.manager.read(SecretId, version) as Promise<KeyRing<DatedKey> | undefined>;
  }
}

/** An ARN ends in the name, a dash and six characters of chance. */
function nameOf(secretId: string): RotatedSecret {
  const name = ROTATED.find((known) => new RegExp(`/${known}(-\\w{6})?$`).test(secretId));
  if (!name) throw new Error(`${secretId} is no secret that is rotated here`);
  return name;
}
