import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { type SecurityChange, securityNotice } from '../../platform/mail/templates.js';
import { AccountsService } from './accounts.service.js';

/** Tells people by mail what was changed of how they sign in, whoever changed it. */
@Injectable()
export class SecurityNotices {
  constructor(
    private readonly accounts: AccountsService,
    private readonly mailer: Mailer,
    private readonly clock: Clock,
  ) {}

  /** @param details further sentences, such as what was revoked */
  async send(userId: string, change: SecurityChange, details: readonly string[] = []): Promise<void> {
    const subject = await this.accounts.subject(userId);
    const at = this.clock.now().toISOString();
    if (subject) await this.mailer.send(subject.email, securityNotice(change, at, details));
  }
}
