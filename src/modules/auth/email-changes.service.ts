import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import type { CurrentUser } from '../../http/access/access.decorators.js';
import { ApiError } from '../../http/errors/api-error.js';
import { AUTH_UNAUTHORIZED } from '../../http/errors/common.errors.js';
import type { Origin } from '../../http/request/origin.decorator.js';
import { StaleVersion } from '../../platform/dynamodb/faults.js';
import { AccountExists, CodeInvalid } from '../../platform/identity/identity-errors.js';
import { IDENTITY, type IdentityProvider, type Subject } from '../../platform/identity/identity-provider.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { AccessRevocations } from '../users/access-revocations.js';
import { AccountsService } from '../users/accounts.service.js';
import { AUTH_LINK_INVALID } from './auth.errors.js';
import { CODE_SENT, type CodeSentResponse } from './dto/auth.dto.js';
import type { ChangeEmailDto, ConfirmEmailDto, EmailChangedResponse } from './dto/change-email.dto.js';
import { EmailChangeNotices } from './email-change-notices.js';
import { RecentSignIn } from './recent-sign-in.js';
import { revokedSentences } from '../users/revoked-sentences.js';
import { SecurityNotices } from '../users/security-notices.js';
import { SessionsService } from './sessions.service.js';

/** A change of address: confirmed at the new one, told to the old one, which can undo it for 7 days. */
@Injectable()
export class EmailChangesService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(IDENTITY) private readonly identity: IdentityProvider,
    private readonly accounts: AccountsService,
    private readonly revocations: AccessRevocations,
    private readonly sessions: SessionsService,
    private readonly recentSignIn: RecentSignIn,
    private readonly notices: SecurityNotices,
    private readonly audit: AuditTrail,
    private readonly changeNotices: EmailChangeNotices,
  ) {}

  /** With AUTH_PREVENT_ENUMERATION the answer does not tell whether somebody has the new address. */
  async start(
    user: CurrentUser,
    { newEmail, password }: ChangeEmailDto,
    origin: Origin,
  ): Promise<CodeSentResponse> {
    await this.recentSignIn.assert(user, password, origin);
    if (newEmail === (await this.subjectOf(user.id)).email) throw new AccountExists();
    const caller = { sub: user.id, accessToken: user.accessToken, address: origin.address };
    try {
      await this.identity.email.start(caller, newEmail);
    } catch (error) {
      if (!(error instanceof AccountExists) || !this.config.auth.preventEnumeration) throw error;
    }
    return CODE_SENT;
  }

  async confirm(
    user: CurrentUser,
    { newEmail, code }: ConfirmEmailDto,
    origin: Origin,
  ): Promise<EmailChangedResponse> {
    const subject = await this.subjectOf(user.id);
    const { email: oldEmail } = subject;
    const caller = { sub: user.id, accessToken: user.accessToken };
    const change = { oldEmail, newEmail, code };
    try {
      const profile = this.accounts.emailChange(subject, newEmail);
      await this.identity.email.confirm(caller, change, [profile]);
    } catch (error) {
      throw error instanceof StaleVersion ? new CodeInvalid() : error;
    }
    this.accounts.changed(user.id);
    await this.changeNotices.tell(subject, newEmail, origin);
    return { email: newEmail };
  }

  /** Gives the account its old address back. Whoever changed it knew how to sign in: every session and key ends. */
  async undo(token: string, origin: Origin): Promise<EmailChangedResponse> {
    const { sub, oldEmail } = await this.changeNotices.openUndoLink(token);
    const subject = await this.accounts.subject(sub);
    if (!subject?.formerEmails.includes(oldEmail)) throw new ApiError(AUTH_LINK_INVALID);
    const { email: newEmail } = subject;
    const titles = await this.revocations.revokeAll(sub);
    const profile = this.accounts.emailUndo(subject, oldEmail);
    try {
      await this.identity.email.undo(sub, { oldEmail, newEmail }, [profile]);
    } catch (error) {
      const late = error instanceof CodeInvalid || error instanceof StaleVersion;
      throw late ? new ApiError(AUTH_LINK_INVALID) : error;
    }
    this.accounts.changed(sub);
    await this.sessions.removeRows(sub);
    await this.audit.record(sub, 'email-change-undone', { origin });
    await this.notices.send(sub, 'email-change-undone', [
      ...revokedSentences(titles),
      'Whoever changed the address knew your password: set a new one now.',
    ]);
    return { email: oldEmail };
  }

  private async subjectOf(userId: string): Promise<Subject> {
    const subject = await this.accounts.subject(userId);
    if (!subject) throw new ApiError(AUTH_UNAUTHORIZED);
    return subject;
  }
}
