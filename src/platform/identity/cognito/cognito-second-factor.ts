import { Injectable } from '@nestjs/common';
import { BackupCodesUnsupported, CodeInvalid, SecondFactorStanding } from '../identity-errors.js';
import type { Caller, SecondFactor, SecondFactorStatus } from '../identity-provider.js';
import { accessTokenOf } from './access-token.js';
import { CognitoClient } from './cognito-client.js';
import { CognitoDirectory } from './cognito-directory.js';

/** Cognito keeps the secret and the codes; it knows no backup codes. */
@Injectable()
export class CognitoSecondFactor implements SecondFactor {
  constructor(
    private readonly cognito: CognitoClient,
    private readonly directory: CognitoDirectory,
  ) {}

  async status(sub: string): Promise<SecondFactorStatus> {
    return { enabled: await this.directory.hasSecondFactor(sub), backupCodesLeft: null };
  }

  async regenerateBackupCodes(): Promise<readonly string[]> {
    throw new BackupCodesUnsupported();
  }

  async reset(sub: string): Promise<boolean> {
    const enabled = await this.directory.hasSecondFactor(sub);
    if (enabled) await this.directory.removeSecondFactor(sub);
    return enabled;
  }

  async enrol(caller: Caller): Promise<string> {
    const AccessToken = accessTokenOf(caller);
    if (await this.directory.hasSecondFactor(caller.sub)) throw new SecondFactorStanding();
    const { SecretCode = '' } = await this.cognito.call('AssociateSoftwareToken', { AccessToken });
    return SecretCode;
  }

  async enable(caller: Caller, code: string): Promise<readonly string[]> {
    await this.assertRight(caller, code);
    await this.prefer(caller, true);
    return [];
  }

  async disable(caller: Caller, code: string): Promise<void> {
    if (!(await this.directory.hasSecondFactor(caller.sub))) throw new CodeInvalid();
    await this.assertRight(caller, code);
    await this.prefer(caller, false);
  }

  private async assertRight(caller: Caller, UserCode: string): Promise<void> {
    const input = { AccessToken: accessTokenOf(caller), UserCode };
    const { Status } = await this.cognito.call('VerifySoftwareToken', input);
    if (Status !== 'SUCCESS') throw new CodeInvalid();
  }

  private async prefer(caller: Caller, enabled: boolean): Promise<void> {
    await this.cognito.call('SetUserMFAPreference', {
      AccessToken: accessTokenOf(caller),
      SoftwareTokenMfaSettings: { Enabled: enabled, PreferredMfa: enabled },
    });
  }
}
