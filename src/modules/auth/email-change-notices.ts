import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { ApiError } from '../../http/errors/api-error.js';
import type { Origin } from '../../http/request/origin.decorator.js';
import { Clock } from '../../platform/clock.js';
import { EMAIL_UNDO_SECONDS, type Subject } from '../../platform/identity/identity-provider.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { emailChanged } from '../../platform/mail/templates.js';
import { ApplicationKeys } from '../../platform/secrets/application-keys.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { AccountsService } from '../users/accounts.service.js';
import { AUTH_LINK_INVALID } from './auth.errors.js';

const UNDO = 'undo of a change of address';

/** Whom the link in the mail to an old address gives that address back. */
interface UndoLink {
  readonly sub: string;
  readonly oldEmail: string;
}

/** Tells people that their address was changed, with a link that undoes it. */
@Injectable()
export class EmailChangeNotices {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly accounts: AccountsService,
    private readonly audit: AuditTrail,
    private readonly mailer: Mailer,
    private readonly keys: ApplicationKeys,
    private readonly clock: Clock,
  ) {}

  /** Follows a change that was confirmed at the identity provider itself. */
  async follow(subject: Subject, confirmedEmail: string, origin?: Origin): Promise<void> {
    if (await this.accounts.followEmail(subject, confirmedEmail))
      await this.tell(subject, confirmedEmail, origin);
  }

  /** Tells the old address, if it was ever shown to be theirs, and lets it undo the change. */
  async tell({ sub, email, emailVerified }: Subject, newEmail: string, origin?: Origin): Promise<void> {
    await this.audit.record(sub, 'email-changed', origin && { origin });
    if (!emailVerified) return;
    const at = this.clock.now().toISOString();
    const link = await this.undoLink({ sub, oldEmail: email });
    await this.mailer.send(email, emailChanged(newEmail, at, link));
  }

  private async undoLink({ sub, oldEmail }: UndoLink): Promise<string> {
    const end = this.clock.seconds() + EMAIL_UNDO_SECONDS;
    const text = Buffer.from(JSON.stringify([sub, end, oldEmail])).toString('base64url');
    const mac = (await this.keys.sign(UNDO, text)).toString('base64url');
    return `${this.config.appUrl}/undo-email-change?token=${text}.${mac}`;
  }

  /** @throws {ApiError} AUTH_LINK_INVALID */
  async openUndoLink(token: string): Promise<UndoLink> {
    const [text = '', mac = ''] = token.split('.');
    if (!(await this.keys.verify(UNDO, text, Buffer.from(mac, 'base64url'))))
      throw new ApiError(AUTH_LINK_INVALID);
    const opened = JSON.parse(Buffer.from(text, 'base64url').toString()) as [string, number, string];
    const [sub, end, oldEmail] = opened;
    if (end <= this.clock.seconds()) throw new ApiError(AUTH_LINK_INVALID);
    return { sub, oldEmail };
  }
}
