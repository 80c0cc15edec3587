import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { Table, type Write } from '../../dynamodb/table.js';
import { ServiceUnavailable } from '../../faults.js';
import { ApplicationKeys } from '../../secrets/application-keys.js';
import { AccountExists, CodeInvalid, TooManyMails, UsernameTaken, ValueRefused } from '../identity-errors.js';
import type { AddressRequest, Confirmation, NewAccount, Registration } from '../identity-provider.js';
import { MailLimits } from '../mail-limits.js';
import { RegistrationsRepository } from '../registrations.repository.js';
import { Usernames } from '../usernames.js';
import { CognitoClient } from './cognito-client.js';
import { CognitoDirectory } from './cognito-directory.js';
import { unlessNothing } from './cognito-errors.js';
import { SEAL, sealSignUp } from './sign-up-seal.js';

/** AWS, SignUp: a username, which an address is here, has up to 128 characters. */
const LONGEST_ADDRESS = 128;

@Injectable()
export class CognitoRegistration implements Registration {
  readonly alwaysConfirms = true;

  constructor(
    private readonly cognito: CognitoClient,
    private readonly directory: CognitoDirectory,
    private readonly registrations: RegistrationsRepository,
    private readonly mails: MailLimits,
    private readonly usernames: Usernames,
    private readonly table: Table,
    private readonly keys: ApplicationKeys,
    private readonly clock: Clock,
  ) {}

  /**
   * The pool names the user, so that the rows come second. If they are refused the user is removed again; if this dies
   * in between, the next registration replaces the user, as it does with everybody who is not confirmed.
   */
  async register(
    account: NewAccount,
    alongside: (sub: string) => readonly Write[],
    forget: (sub: string) => Promise<void>,
  ): Promise<{ sub: string; confirmed: boolean }> {
    const { email, username, token } = account;
    if (email.length > LONGEST_ADDRESS) throw new ValueRefused();
    if (username !== undefined && (await this.usernames.isTaken(username))) throw new UsernameTaken();
    const { sub, confirmed } = await this.signUpOrReplace(account, forget);
    const ExpiresAt = this.registrations.expiry();
    try {
      await this.table.transact([
        ...alongside(sub),
        this.registrations.creation(sub, token, ExpiresAt),
        ...(await this.usernames.claim(sub, username, ExpiresAt)),
      ]);
    } catch (error) {
      // What was lost on the way may have been written: then user and rows belong together.
      if (!(error instanceof ServiceUnavailable)) await this.directory.remove(sub);
      throw error;
    }
    return { sub, confirmed };
  }

  /** Confirms by `sub`: if another registration takes the address meanwhile, this one's code is wrong. */
  async confirm(
    { email, code, token }: Confirmation,
    alongside: (sub: string) => Promise<readonly Write[]>,
  ): Promise<string> {
    const sub = await this.directory.subOf(email);
    if (sub === undefined || !(await this.registrations.isRegistrant(sub, token))) throw new CodeInvalid();
    const { clientId: ClientId } = this.cognito;
    await this.cognito.call('ConfirmSignUp', { ClientId, Username: sub, ConfirmationCode: code });
    await this.directory.confirmed(sub, email);
    await this.table.transact(await alongside(sub));
    await this.registrations.remove(sub);
    return sub;
  }

  async resend({ email }: AddressRequest): Promise<void> {
    const { clientId: ClientId } = this.cognito;
    await unlessNothing(this.cognito.call('ResendConfirmationCode', { ClientId, Username: email }));
  }

  private async signUpOrReplace(account: NewAccount, forget: (sub: string) => Promise<void>) {
    try {
      return await this.signUp(account);
    } catch (error) {
      if (!(error instanceof AccountExists)) throw error;
      const unconfirmed = await this.directory.unconfirmedSubOf(account.email);
      if (unconfirmed === undefined) throw error;
      // The pool would send a mail with each: its own sender gives 50 a day.
      if (!(await this.mails.mayMail(account))) throw new TooManyMails();
      await this.directory.remove(unconfirmed);
      await forget(unconfirmed);
      return this.signUp(account);
    }
  }

  private async signUp({ email, password, name }: NewAccount) {
    const { UserSub = '', UserConfirmed = false } = await this.cognito.call('SignUp', {
      ClientId: this.cognito.clientId,
      Username: email,
      Password: password,
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'name', Value: name },
      ],
      ClientMetadata: { [SEAL]: await sealSignUp(this.keys, email, this.clock.seconds()) },
    });
    return { sub: UserSub, confirmed: UserConfirmed };
  }
}
