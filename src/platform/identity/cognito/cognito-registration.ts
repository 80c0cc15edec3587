import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { Table, type Write } from '../../dynamodb/table.js';
import { ServiceUnavailable } from '../../faults.js';
import { ApplicationKeys } from '../../secrets/application-keys.js';
import { AccountExists, UsernameTaken } from '../identity-errors.js';
import type { NewAccount, Registration } from '../identity-provider.js';
import { Usernames } from '../usernames.js';
import { CognitoClient } from './cognito-client.js';
import { CognitoDirectory } from './cognito-directory.js';
import { unlessNothing } from './cognito-errors.js';
import { SEAL, sealSignUp } from './sign-up-seal.js';

/** Longer than any registration takes between the pool and the table. */
const ORPHANED_SECONDS = 60;

@Injectable()
export class CognitoRegistration implements Registration {
  readonly alwaysConfirms = true;

  constructor(
    private readonly cognito: CognitoClient,
    private readonly directory: CognitoDirectory,
    private readonly usernames: Usernames,
    private readonly table: Table,
    private readonly keys: ApplicationKeys,
    private readonly clock: Clock,
  ) {}

  /**
   * The pool names the user, so that the rows come second. If they are refused the user is taken back; if this dies
   * in between, the next registration finds a user that nobody let in, and replaces it.
   */
  async register(
    account: NewAccount,
    alongside: (sub: string) => readonly Write[],
    isLetIn: (sub: string) => Promise<boolean>,
  ): Promise<{ sub: string; confirmed: boolean }> {
    const { username } = account;
    if (username !== undefined && (await this.usernames.holderOf(username)) !== undefined)
      throw new UsernameTaken();
    const { sub, confirmed } = await this.signUpInPlaceOfOrphan(account, isLetIn);
    try {
      await this.table.transact([...alongside(sub), ...this.usernames.moving(sub, undefined, username)]);
    } catch (error) {
      // What was lost on the way may have been written: then user and rows belong together, else the user is an orphan.
      if (!(error instanceof ServiceUnavailable)) await this.directory.remove(sub);
      throw error;
    }
    return { sub, confirmed };
  }

  async confirm(email: string, code: string): Promise<string | undefined> {
    const { clientId: ClientId } = this.cognito;
    await this.cognito.call('ConfirmSignUp', { ClientId, Username: email, ConfirmationCode: code });
    return this.directory.confirmed(email);
  }

  async resend(email: string): Promise<void> {
    const { clientId: ClientId } = this.cognito;
    await unlessNothing(this.cognito.call('ResendConfirmationCode', { ClientId, Username: email }));
  }

  private async signUpInPlaceOfOrphan(account: NewAccount, isLetIn: (sub: string) => Promise<boolean>) {
    try {
      return await this.signUp(account);
    } catch (error) {
      if (!(error instanceof AccountExists)) throw error;
      const before = this.clock.seconds() - ORPHANED_SECONDS;
      const standing = await this.directory.unconfirmedSubOf(account.email, before);
      if (standing === undefined || (await isLetIn(standing))) throw error;
      await this.directory.remove(standing);
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
