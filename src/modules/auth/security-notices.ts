import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { type SecurityChange, securityNotice } from '../../platform/mail/templates.js';
import { AccountsService } from '../users/accounts.service.js';

/** Tells people by mail what was changed of how they sign in, whoever changed it. */
@Injectable()
export class SecurityNotices {
  constructor(
    private readonly accounts: AccountsService,
    private readonly mailer: Mailer,
    private readonly clock: Clock,
  ) {}

  async send(userId: string, change: SecurityChange): Promise<void> {
    const subject = await this.accounts.subject(userId);
    if (subject)
      await this.mailer.send(subject.email, securityNotice(change, this.clock.now().toISOString()));
  }
}
