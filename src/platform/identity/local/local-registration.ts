import { Injectable } from '@nestjs/common';
import type { Write } from '../../dynamodb/table.js';
import { Table } from '../../dynamodb/table.js';
import { IdSource } from '../../ids.js';
import { confirmation } from '../../mail/templates.js';
import { Mailer } from '../../mail/mailer.js';
import { CodeInvalid } from '../identity-errors.js';
import type { NewAccount, Registration } from '../identity-provider.js';
import { AccountsRepository } from './accounts.repository.js';
import { CODE_MINUTES, Codes } from './codes.js';
import { hashPassword } from './password.js';

@Injectable()
export class LocalRegistration implements Registration {
  readonly alwaysConfirms = false;

  constructor(
    private readonly accounts: AccountsRepository,
    private readonly codes: Codes,
    private readonly mailer: Mailer,
    private readonly table: Table,
    private readonly ids: IdSource,
  ) {}

  async register(
    { password, confirmFirst, ...account }: NewAccount,
    alongside: (sub: string) => readonly Write[],
  ): Promise<{ sub: string; confirmed: boolean }> {
    const sub = this.ids.next();
    const confirmed = !confirmFirst;
    const hash = await hashPassword(password);
    await this.accounts.create({ sub, ...account, confirmed, password: hash }, alongside(sub));
    if (confirmFirst) await this.mailCode(sub, account.email);
    return { sub, confirmed };
  }

  async confirm(email: string, code: string): Promise<string> {
    const sub = await this.accounts.findSub(email);
    if (sub === undefined) throw new CodeInvalid();
    const use = await this.codes.judge(sub, 'CONFIRM', code);
    await this.table.transact([use, this.accounts.proof(sub)]);
    return sub;
  }

  async resend(email: string): Promise<void> {
    const sub = await this.accounts.findSub(email);
    const account = sub === undefined ? undefined : await this.accounts.find(sub);
    if (sub !== undefined && account?.emailVerified === false) await this.mailCode(sub, email);
  }

  private async mailCode(sub: string, email: string): Promise<void> {
    const code = await this.codes.make(sub, 'CONFIRM');
    if (code !== undefined) await this.mailer.send(email, confirmation(code, CODE_MINUTES));
  }
}
