import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { ApiError } from '../../http/errors/api-error.js';
import { passwordFaults } from '../../platform/identity/password-policy.js';
import { AUTH_PASSWORD_POLICY } from './auth.errors.js';

@Injectable()
export class PasswordRules {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** @throws {ApiError} AUTH_PASSWORD_POLICY naming every rule that the password breaks. */
  assert(field: string, password: string): void {
    const faults = passwordFaults(password, this.config.auth.passwordRequiresSymbols);
    if (faults.length === 0) return;
    const details = faults.map(({ code, message }) => ({ field, code, message: `${field} ${message}` }));
    throw new ApiError(AUTH_PASSWORD_POLICY, { details });
  }
}
