import { Inject, Injectable } from '@nestjs/common';
import type { CurrentUser } from '../../http/access/access.decorators.js';
import type { Origin } from '../../http/request/origin.decorator.js';
import { followed } from '../../platform/faults.js';
import { InvalidCredentials, NotAdmitted } from '../../platform/identity/identity-errors.js';
import { IDENTITY, type IdentityProvider } from '../../platform/identity/identity-provider.js';
import { KnownPlacesRepository } from '../../platform/identity/known-places.repository.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { AccessRevocations } from '../users/access-revocations.js';
import { AccountsService } from '../users/accounts.service.js';
import {
  CODE_SENT,
  type ChangePasswordDto,
  type CodeSentResponse,
  type ResetPasswordDto,
} from './dto/auth.dto.js';
import { PasswordRules } from './password-rules.js';
import { revokedSentences } from '../users/revoked-sentences.js';
import { SecurityNotices } from '../users/security-notices.js';
import { SessionsService } from './sessions.service.js';

@Injectable()
export class PasswordsService {
  constructor(
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly accounts: AccountsService,
    private readonly revocations: AccessRevocations,
    private readonly places: KnownPlacesRepository,
    private readonly sessions: SessionsService,
    private readonly rules: PasswordRules,
    private readonly notices: SecurityNotices,
    private readonly audit: AuditTrail,
  ) {}

  /** Says the same whether or not there is such an account. */
  async startReset(email: string, { address }: Origin): Promise<CodeSentResponse> {
    const find = (sub: string) => this.accounts.subject(sub);
    await this.identity.passwords.startReset({ email, address }, find);
    return CODE_SENT;
  }

  /**
   * Sets the password, ends every session, voids every token made so far, and revokes what lets in without a sign-in:
   * whoever broke in before is out.
   */
  async finishReset(body: ResetPasswordDto, origin: Origin): Promise<{ reset: true }> {
    const { email = '', code = '', token, newPassword } = body;
    const reset = token === undefined ? { email, code, newPassword } : { token, newPassword };
    await this.rules.assert('newPassword', newPassword, token === undefined ? email : undefined);
    let revoked: readonly string[] = [];
    const userId = await this.identity.passwords.finishReset(reset, async (sub) => {
      revoked = await this.revocations.revokeAll(sub);
      const letIn = await this.accounts.letInByReset(sub);
      // Whoever registered may have set up a factor at the user pool meanwhile, and may be somebody else.
      if (letIn.length > 0) await this.identity.secondFactor.reset(sub);
      return [...(await this.accounts.voidTokens(sub)), ...letIn];
    });
    this.accounts.changed(userId);
    // The code or the link came by mail: whoever has it has the address, whoever may have registered it.
    if (!(await this.isAdmitted(userId))) return { reset: true };
    // So that the next sign-in from an intruder's network or device is reported by mail again.
    await this.places.removeAll(userId);
    await this.places.remember(userId, origin);
    await this.audit.record(userId, 'password-reset', { origin });
    await this.notices.send(userId, 'password-reset', revokedSentences(revoked));
    return { reset: true };
  }

  /** Ends all sessions but the one it is done in. */
  async change(
    user: CurrentUser,
    { currentPassword, newPassword }: ChangePasswordDto,
    origin: Origin,
  ): Promise<{ changed: true }> {
    const subject = await this.accounts.subject(user.id);
    await this.rules.assert('newPassword', newPassword, subject?.email);
    const caller = { sub: user.id, accessToken: user.accessToken, address: origin.address };
    const passwords = { current: currentPassword, next: newPassword };
    const endOthers = this.accounts.endOtherSessions(user.id, user.sessionId);
    try {
      await followed(this.identity.passwords.change(caller, passwords, [endOthers]), async () => {
        this.accounts.changed(user.id);
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

  /** Lets in somebody who is not yet, if anybody has invited them. */
  private async isAdmitted(userId: string): Promise<boolean> {
    try {
      await this.accounts.addressConfirmed(userId);
      return true;
    } catch (error) {
      if (error instanceof NotAdmitted) return false;
      throw error;
    }
  }
}
