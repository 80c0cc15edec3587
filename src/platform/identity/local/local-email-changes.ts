import { Injectable } from '@nestjs/common';
import { Table, type Write } from '../../dynamodb/table.js';
import { Mailer } from '../../mail/mailer.js';
import { emailChangeCode } from '../../mail/templates.js';
import { AccountExists } from '../identity-errors.js';
import type { Caller, EmailChange, EmailChanges } from '../identity-provider.js';
import { MailLimits } from '../mail-limits.js';
import { CODE_MINUTES, Codes } from './codes.js';
import { EmailChangesRepository } from './email-changes.repository.js';

@Injectable()
export class LocalEmailChanges implements EmailChanges {
  constructor(
    private readonly changes: EmailChangesRepository,
    private readonly mails: MailLimits,
    private readonly codes: Codes,
    private readonly mailer: Mailer,
    private readonly table: Table,
  ) {}

  async start({ sub, address }: Caller & { address: string }, newEmail: string): Promise<void> {
    if (await this.changes.isTaken(newEmail, sub)) throw new AccountExists();
    if (!(await this.mails.mayMail({ email: newEmail, address }))) return;
    const code = await this.codes.make({ sub, purpose: 'EMAIL', bound: newEmail });
    await this.mailer.send(newEmail, emailChangeCode(code, CODE_MINUTES));
  }

  async confirm(
    { sub }: Caller,
    { oldEmail, newEmail, code }: EmailChange & { code: string },
    alongside: readonly Write[],
  ): Promise<void> {
    const use = await this.codes.judge({ sub, email: newEmail, purpose: 'EMAIL', bound: newEmail }, code);
    const writes = await this.changes.change(sub, { oldEmail, newEmail });
    await this.table.transact([use, ...writes, ...alongside]);
  }

  async undo(sub: string, change: EmailChange, alongside: readonly Write[]): Promise<void> {
    await this.table.transact([...(await this.changes.undo(sub, change)), ...alongside]);
  }
}
