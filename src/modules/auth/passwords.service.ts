import { Inject, Injectable } from '@nestjs/common';
import type { CurrentUser } from '../../http/access/access.decorators.js';
import type { Origin } from '../../http/request/origin.decorator.js';
import { followed } from '../../platform/faults.js';
import { InvalidCredentials } from '../../platform/identity/identity-errors.js';
import { IDENTITY, type IdentityProvider } from '../../platform/identity/identity-provider.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { AccountsService } from '../users/accounts.service.js';
import {
  CODE_SENT,
  type ChangePasswordDto,
  type CodeSentResponse,
  type ResetPasswordDto,
} from './dto/auth.dto.js';
import { PasswordRules } from './password-rules.js';
import { SecurityNotices } from './security-notices.js';
import { SessionsService } from './sessions.service.js';

@Injectable()
export class PasswordsService {
  constructor(
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly accounts: AccountsService,
    private readonly sessions: SessionsService,
    private readonly rules: PasswordRules,
    private readonly notices: SecurityNotices,
    private readonly audit: AuditTrail,
  ) {}

  /** Says the same whether or not there is such an account. */
  async startReset(email: string): Promise<CodeSentResponse> {
    await this.identity.passwords.startReset(email);
    return CODE_SENT;
  }

  /** Sets the password, and ends every session and voids every token made so far. */
  async finishReset(reset: ResetPasswordDto, origin: Origin): Promise<{ reset: true }> {
    this.rules.assert('newPassword', reset.newPassword);
    const voidTokens = (sub: string) => this.accounts.voidTokens(sub);
    const userId = await this.identity.passwords.finishReset(reset, voidTokens);
    this.accounts.changed(userId);
    // The code came by mail: whoever has it has the address, whoever may have registered it.
    await this.accounts.addressConfirmed(userId);
    await this.audit.record(userId, 'password-reset', { origin });
    await this.notices.send(userId, 'password-changed');
    return { reset: true };
  }

  /** Ends all sessions but the one it is done in. */
  async change(
    user: CurrentUser,
    { currentPassword, newPassword }: ChangePasswordDto,
    origin: Origin,
  ): Promise<{ changed: true }> {
    this.rules.assert('newPassword', newPassword);
    const caller = { sub: user.id, accessToken: user.accessToken, address: origin.address };
    try {
      const change = this.identity.passwords.change(caller, { current: currentPassword, next: newPassword });
      await followed(change, async () => {
        await this.sessions.endOthers(user);
        await this.audit.record(user.id, 'password-changed', { origin });
        await this.notices.send(user.id, 'password-changed');
      });
    } catch (error) {
      if (error instanceof InvalidCredentials) await this.audit.record(user.id, 'login-failed', { origin });
      throw error;
    }
    return { changed: true };
  }
}
