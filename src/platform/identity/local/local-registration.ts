import { Injectable } from '@nestjs/common';
import { untilCurrent } from '../../dynamodb/faults.js';
import type { Write } from '../../dynamodb/table.js';
import { Table } from '../../dynamodb/table.js';
import { IdSource } from '../../ids.js';
import { confirmation } from '../../mail/templates.js';
import { Mailer } from '../../mail/mailer.js';
import { CodeInvalid, TooManyMails } from '../identity-errors.js';
import type { AddressRequest, Confirmation, NewAccount, Registration } from '../identity-provider.js';
import { MailLimits } from '../mail-limits.js';
import { RegistrationsRepository } from '../registrations.repository.js';
import { AccountsRepository, AddressMoved } from './accounts.repository.js';
import { CODE_MINUTES, Codes } from './codes.js';
import { hashPassword } from './password.js';

@Injectable()
export class LocalRegistration implements Registration {
  readonly alwaysConfirms = false;

  constructor(
    private readonly accounts: AccountsRepository,
    private readonly registrations: RegistrationsRepository,
    private readonly codes: Codes,
    private readonly mails: MailLimits,
    private readonly mailer: Mailer,
    private readonly table: Table,
    private readonly ids: IdSource,
  ) {}

  async register(
    { password, confirmFirst, token, address, ...account }: NewAccount,
    alongside: (sub: string) => readonly Write[],
    forget: (sub: string) => Promise<void>,
  ): Promise<{ sub: string; confirmed: boolean }> {
    const sub = this.ids.next();
    const hash = await hashPassword(password);
    const ExpiresAt = confirmFirst ? this.registrations.expiry() : undefined;
    const credential = { sub, ...account, confirmed: !confirmFirst, password: hash, ExpiresAt };
    const rows = [...alongside(sub), this.registrations.creation(sub, token, ExpiresAt)];
    const request = { email: account.email, address };
    const replaced = await untilCurrent(async () => {
      const unconfirmed = await this.accounts.findUnconfirmed(account.email);
      // Whoever may cause no more mails takes the address from nobody.
      if (unconfirmed !== undefined && !(await this.mails.mayMail(request))) throw new TooManyMails();
      await this.accounts.create({ ...credential, replaced: unconfirmed }, rows);
      return unconfirmed;
    }, AddressMoved);
    if (replaced !== undefined) {
      await this.registrations.remove(replaced);
      await this.codes.removeAll(replaced);
      await forget(replaced);
    }
    const mayMail = replaced !== undefined || (confirmFirst && (await this.mails.mayMail(request)));
    if (confirmFirst && mayMail) await this.mailCode(sub, account.email);
    return { sub, confirmed: !confirmFirst };
  }

  async confirm(
    { email, code, token }: Confirmation,
    alongside: (sub: string) => Promise<readonly Write[]>,
  ): Promise<string> {
    const sub = await this.accounts.findSub(email);
    // Before a guess is counted: whoever did not register cannot use up the guesses of who did.
    if (sub === undefined || !(await this.registrations.isRegistrant(sub, token))) throw new CodeInvalid();
    const use = await this.codes.judge({ sub, email, purpose: 'CONFIRM' }, code);
    const confirmed = this.accounts.confirmation(sub, email);
    const registration = this.registrations.confirmation(sub, token);
    await this.table.transact([use, registration, ...confirmed, ...(await alongside(sub))]);
    return sub;
  }

  async resend(request: AddressRequest): Promise<void> {
    const sub = await this.accounts.findSub(request.email);
    const account = sub === undefined ? undefined : await this.accounts.find(sub);
    if (sub === undefined || account?.emailVerified !== false) return;
    // Without a registration, as of version 0.2, nobody could use the code: a new password confirms the address.
    if (!(await this.registrations.exists(sub))) return;
    if (await this.mails.mayMail(request, sub)) await this.mailCode(sub, request.email);
  }

  private async mailCode(sub: string, email: string): Promise<void> {
    const code = await this.codes.make({ sub, purpose: 'CONFIRM' });
    await this.mailer.send(email, confirmation(code, CODE_MINUTES));
  }
}
