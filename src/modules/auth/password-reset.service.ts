import { Inject, Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import { CodeInvalid, IDENTITY, type IdentityProvider } from '../../platform/identity/identity-provider.js';
import { MAILER, type Mailer } from '../../platform/mail/mailer.js';
import { AccountsService } from '../users/accounts.service.js';
import { AUTH_CODE_INVALID } from './auth.errors.js';
import type { CodeSentResponse, ResetPasswordDto } from './dto/auth.dto.js';
import { PasswordRules } from './password-rules.js';

@Injectable()
export class PasswordResetService {
  constructor(
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    @Inject(MAILER) private readonly mailer: Mailer,
    private readonly accounts: AccountsService,
    private readonly passwords: PasswordRules,
  ) {}

  /** Says the same whether or not there is such an account. */
  async start(email: string): Promise<CodeSentResponse> {
    const reset = await this.identity.startPasswordReset(email);
    if (reset) {
      await this.mailer.send({
        to: email,
        subject: 'Your code for a new password',
        text: [
          `Your code is ${reset.code}. It is good for ${reset.minutes} minutes.`,
          '',
          'If you did not ask for a new password, you need do nothing.',
          '',
        ].join('\n'),
      });
    }
    return { message: 'If there is an account with this address, a code is on its way.' };
  }

  /** Sets the password, and ends every session and voids every token made so far. */
  async finish({ email, code, newPassword }: ResetPasswordDto): Promise<{ reset: true }> {
    this.passwords.assert('newPassword', newPassword);
    let changed: string | undefined;
    try {
      await this.identity.finishPasswordReset({ email, code, newPassword }, (sub) => {
        changed = sub;
        return [this.accounts.voidTokens(sub)];
      });
    } catch (error) {
      throw error instanceof CodeInvalid ? new ApiError(AUTH_CODE_INVALID) : error;
    } finally {
      if (changed !== undefined) this.accounts.changed(changed);
    }
    return { reset: true };
  }
}
