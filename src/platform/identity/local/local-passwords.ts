import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { Table, type Write } from '../../dynamodb/table.js';
import { Mailer } from '../../mail/mailer.js';
import { passwordReset } from '../../mail/templates.js';
import { CodeInvalid, InvalidCredentials } from '../identity-errors.js';
import type { AddressRequest, Caller, FindSubject, PasswordReset, Passwords } from '../identity-provider.js';
import { MailLimits } from '../mail-limits.js';
import { RegistrationsRepository } from '../registrations.repository.js';
import { SessionsRepository } from '../sessions.repository.js';
import { type Account, AccountsRepository } from './accounts.repository.js';
import { CODE_MINUTES, Codes } from './codes.js';
import { assertRoomToVerify, hashPassword, verifyPassword } from './password.js';
import { ResetLinks, subOfLink } from './reset-links.js';
import { SecondFactorRepository } from './second-factor.repository.js';
import { SignInThrottle } from './sign-in-throttle.js';

/** Whose reset it is, and the write that uses up what proved it. */
interface ProvenReset {
  readonly sub: string;
  readonly account: Account;
  readonly use: readonly Write[];
}

@Injectable()
export class LocalPasswords implements Passwords {
  readonly checkable = true;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly accounts: AccountsRepository,
    private readonly registrations: RegistrationsRepository,
    private readonly codes: Codes,
    private readonly links: ResetLinks,
    private readonly mails: MailLimits,
    private readonly sessions: SessionsRepository,
    private readonly factors: SecondFactorRepository,
    private readonly throttle: SignInThrottle,
    private readonly mailer: Mailer,
    private readonly table: Table,
  ) {}

  async assertRight({ sub, address }: Caller & { address: string }, password: string): Promise<void> {
    await this.check(sub, address, password);
  }

  /** An account whose address is not confirmed gets none: whoever has the address registers with it anew. */
  async startReset(request: AddressRequest, find: FindSubject): Promise<void> {
    const sub = await this.accounts.findSub(request.email);
    const account = sub === undefined ? undefined : await this.accounts.find(sub, { consistent: true });
    // A late replica may still lead from an address that the account has no more.
    if (sub === undefined || !account?.confirmed || account.email !== request.email) return;
    if (!(await find(sub)) || !(await this.mails.mayMail(request, sub))) return;
    const code = await this.codes.make({ sub, purpose: 'RESET', bound: boundTo(account) });
    const link = `${this.config.appUrl}/reset-password?token=${await this.links.seal(sub, account)}`;
    await this.mailer.send(request.email, passwordReset(code, link, CODE_MINUTES));
  }

  /**
   * What a reset by mail proves first is the address. If nobody had shown it to be theirs before, whoever registered may
   * be somebody else, and the second factor that they set up goes as well.
   */
  async finishReset(
    reset: PasswordReset,
    alongside: (sub: string) => Promise<readonly Write[]>,
  ): Promise<string> {
    const { sub, account, use } = await this.prove(reset);
    const password = await hashPassword(reset.newPassword);
    if (!account.emailVerified) await this.factors.remove(sub);
    const change = this.accounts.passwordReset(sub, password, account);
    await this.table.transact([...use, change, ...(await alongside(sub))]);
    await Promise.all([this.sessions.removeAll(sub), this.registrations.remove(sub)]);
    return sub;
  }

  async change(
    { sub, address }: Caller & { address: string },
    { current, next }: { current: string; next: string },
    alongside: readonly Write[],
  ): Promise<void> {
    const account = await this.check(sub, address, current);
    const password = await hashPassword(next);
    await this.table.transact([this.accounts.passwordChange(sub, password, account), ...alongside]);
  }

  private async check(sub: string, address: string, password: string): Promise<Account> {
    assertRoomToVerify();
    const attempt = await this.throttle.beginPassword({ sub, account: sub, address });
    const account = await this.accounts.find(sub, { consistent: true });
    const right = await verifyPassword(password, account?.password);
    if (!right || !account) throw new InvalidCredentials(sub);
    await attempt.succeeded();
    return account;
  }

  private async prove(reset: PasswordReset): Promise<ProvenReset> {
    const sub = 'token' in reset ? subOfLink(reset.token) : await this.accounts.findSub(reset.email);
    const account = sub === undefined ? undefined : await this.accounts.find(sub, { consistent: true });
    if (sub === undefined || !account?.confirmed) throw new CodeInvalid();
    if ('token' in reset) {
      if (!(await this.links.isGood(reset.token, account))) throw new CodeInvalid();
      return { sub, account, use: [] };
    }
    const { email, code } = reset;
    const use = await this.codes.judge({ sub, email, purpose: 'RESET', bound: boundTo(account) }, code);
    return { sub, account, use: [use] };
  }
}

/** A code counts for the password and the address that the account had when it was asked for. */
const boundTo = ({ passwordVersion, email }: Account) => `password ${passwordVersion} ${email}`;
