import { createHash, randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { untilCurrent } from '../../dynamodb/faults.js';
import { CodeInvalid } from '../identity-errors.js';
import type { Caller, SecondFactor, SecondFactorStatus } from '../identity-provider.js';
import { generateTotpSecret, totpStepOf } from '../totp.js';
import { SecondFactorRepository } from './second-factor.repository.js';
import { SignInThrottle } from './sign-in-throttle.js';

const BACKUP_CODES = 10;
/** Without letters and digits that look alike. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';

@Injectable()
export class LocalSecondFactor implements SecondFactor {
  constructor(
    private readonly factors: SecondFactorRepository,
    private readonly throttle: SignInThrottle,
    private readonly clock: Clock,
  ) {}

  async enrol({ sub }: Caller): Promise<string> {
    const secret = await generateTotpSecret();
    await this.factors.propose(sub, secret);
    return secret;
  }

  async enable({ sub, address }: Caller & { address: string }, code: string): Promise<readonly string[]> {
    const attempt = await this.throttle.beginSecondFactor(sub, address);
    const { backupCodes, backupHashes } = newBackupCodes(sub);
    await untilCurrent(async () => {
      const factor = await this.factors.find(sub, { consistent: true });
      const step = factor && !factor.enabled && (await totpStepOf(factor.secret, code, this.clock.now()));
      if (!factor || typeof step !== 'number') throw new CodeInvalid();
      await this.factors.save(factor.item, { enabled: true, lastStep: step, backupHashes });
    });
    await attempt.succeeded();
    return backupCodes;
  }

  async disable({ sub, address }: Caller & { address: string }, code: string): Promise<void> {
    await this.assertRight(sub, address, code);
    await this.factors.remove(sub);
  }

  async status(sub: string): Promise<SecondFactorStatus> {
    const factor = await this.factors.find(sub, { consistent: true });
    const enabled = factor?.enabled === true;
    return { enabled, backupCodesLeft: enabled ? factor.backupHashes.length : 0 };
  }

  async regenerateBackupCodes(
    { sub, address }: Caller & { address: string },
    code: string,
  ): Promise<readonly string[]> {
    await this.assertRight(sub, address, code);
    const { backupCodes, backupHashes } = newBackupCodes(sub);
    await untilCurrent(async () => {
      const factor = await this.factors.find(sub, { consistent: true });
      if (!factor?.enabled) throw new CodeInvalid();
      await this.factors.save(factor.item, { backupHashes });
    });
    return backupCodes;
  }

  async reset(sub: string): Promise<boolean> {
    const { enabled } = await this.status(sub);
    await this.factors.remove(sub);
    return enabled;
  }

  async isEnabled(sub: string): Promise<boolean> {
    return (await this.status(sub)).enabled;
  }

  /**
   * Takes a code of the authenticator or a backup code, each of them once.
   * @throws {CodeInvalid} @throws {TooManyFailures}
   */
  async assertRight(sub: string, address: string, code: string): Promise<void> {
    const attempt = await this.throttle.beginSecondFactor(sub, address);
    await untilCurrent(() => this.use(sub, code));
    await attempt.succeeded();
  }

  private async use(sub: string, code: string): Promise<void> {
    const factor = await this.factors.find(sub, { consistent: true });
    if (!factor?.enabled) throw new CodeInvalid();
    const step = await totpStepOf(factor.secret, code, this.clock.now());
    if (step !== undefined && step > factor.lastStep) {
      return this.factors.save(factor.item, { lastStep: step });
    }
    const used = hashOf(sub, code);
    if (!factor.backupHashes.includes(used)) throw new CodeInvalid();
    const backupHashes = factor.backupHashes.filter((hash) => hash !== used);
    return this.factors.save(factor.item, { backupHashes });
  }
}

function newBackupCodes(sub: string) {
  const backupCodes = Array.from({ length: BACKUP_CODES }, backupCode);
  return { backupCodes, backupHashes: backupCodes.map((backup) => hashOf(sub, backup)) };
}

/** Ten characters, 49 bits. */
function backupCode(): string {
  const characters = Array.from({ length: 10 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${characters.slice(0, 5)}-${characters.slice(5)}`;
}

const hashOf = (sub: string, code: string) =>
  createHash('sha256')
    .update(`${sub} ${code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')}`)
    .digest('base64url');
