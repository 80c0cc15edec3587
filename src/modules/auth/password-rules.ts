import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { ApiError } from '../../http/errors/api-error.js';
import { isCommonPassword } from '../../platform/identity/common-passwords.js';
import { passwordFaults } from '../../platform/identity/password-policy.js';
import { AUTH_PASSWORD_POLICY } from './auth.errors.js';

@Injectable()
export class PasswordRules {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /**
   * @param email whose password it is to be, where that is known
   * @throws {ApiError} AUTH_PASSWORD_POLICY naming every rule that the password breaks
   */
  async assert(field: string, password: string, email?: string): Promise<void> {
    const { passwordRequiresSymbols: requireSymbols, provider } = this.config.auth;
    const faults = [...passwordFaults(password, { requireSymbols, ofUserPool: provider === 'cognito' })];
    if (email !== undefined && isAddress(password, email))
      faults.push({ code: 'isAddress', message: 'must not be the e-mail address' });
    if (faults.length === 0 && (await isCommonPassword(password)))
      faults.push({ code: 'common', message: 'is one of the most common passwords' });
    if (faults.length === 0) return;
    const details = faults.map(({ code, message }) => ({ field, code, message: `${field} ${message}` }));
    throw new ApiError(AUTH_PASSWORD_POLICY, { details });
  }
}

function isAddress(password: string, email: string): boolean {
  const lower = password.toLowerCase();
  return lower.includes(email) || lower === email.split('@')[0];
}
