import { Injectable } from '@nestjs/common';
import { Table, type Write } from '../../dynamodb/table.js';
import { Mailer } from '../../mail/mailer.js';
import { passwordReset } from '../../mail/templates.js';
import { CodeInvalid, InvalidCredentials } from '../identity-errors.js';
import type { Caller, Passwords } from '../identity-provider.js';
import { SessionsRepository } from '../sessions.repository.js';
import { AccountsRepository } from './accounts.repository.js';
import { CODE_MINUTES, Codes } from './codes.js';
import { assertRoomToVerify, hashPassword, verifyPassword } from './password.js';
import { SignInBackoff } from './sign-in-backoff.js';

@Injectable()
export class LocalPasswords implements Passwords {
  readonly checkable = true;

  constructor(
    private readonly accounts: AccountsRepository,
    private readonly codes: Codes,
    private readonly sessions: SessionsRepository,
    private readonly backoff: SignInBackoff,
    private readonly mailer: Mailer,
    private readonly table: Table,
  ) {}

  async assertRight({ sub, address }: Caller & { address: string }, password: string): Promise<void> {
    assertRoomToVerify();
    const attempt = await this.backoff.begin(sub, address);
    const account = await this.accounts.find(sub, { consistent: true });
    if (!(await verifyPassword(password, account?.password))) throw new InvalidCredentials(sub);
    await attempt.succeeded();
  }

  async startReset(email: string): Promise<void> {
    const sub = await this.accounts.findSub(email);
    if (sub === undefined) return;
    const code = await this.codes.make(sub, 'RESET');
    if (code !== undefined) await this.mailer.send(email, passwordReset(code, CODE_MINUTES));
  }

  async finishReset(
    { email, code, newPassword }: { email: string; code: string; newPassword: string },
    alongside: (sub: string) => Promise<readonly Write[]>,
  ): Promise<string> {
    const sub = await this.accounts.findSub(email);
    if (sub === undefined) throw new CodeInvalid();
    const use = await this.codes.judge(sub, 'RESET', code);
    const proof = this.accounts.proof(sub, await hashPassword(newPassword));
    await this.table.transact([use, proof, ...(await alongside(sub))]);
    await this.sessions.removeAll(sub);
    return sub;
  }

  async change(
    caller: Caller & { address: string },
    { current, next }: { current: string; next: string },
  ): Promise<void> {
    await this.assertRight(caller, current);
    await this.accounts.setPassword(caller.sub, await hashPassword(next));
  }
}
