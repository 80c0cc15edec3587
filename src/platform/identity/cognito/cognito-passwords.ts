import { Injectable } from '@nestjs/common';
import { Table, type Write } from '../../dynamodb/table.js';
import { followed } from '../../faults.js';
import { AccessTokenRequired, CodeInvalid, InvalidCredentials } from '../identity-errors.js';
import type { AddressRequest, Caller, PasswordReset, Passwords } from '../identity-provider.js';
import { SessionsRepository } from '../sessions.repository.js';
import { CognitoClient } from './cognito-client.js';
import { CognitoDirectory } from './cognito-directory.js';
import { unlessNothing } from './cognito-errors.js';

@Injectable()
export class CognitoPasswords implements Passwords {
  readonly checkable = false;

  constructor(
    private readonly cognito: CognitoClient,
    private readonly directory: CognitoDirectory,
    private readonly sessions: SessionsRepository,
    private readonly table: Table,
  ) {}

  async assertRight(): Promise<void> {
    throw new InvalidCredentials();
  }

  async startReset({ email }: AddressRequest): Promise<void> {
    const { clientId: ClientId } = this.cognito;
    await unlessNothing(this.cognito.call('ForgotPassword', { ClientId, Username: email }));
  }

  /** A reset at Cognito signs nobody out: that is done here. */
  async finishReset(
    reset: PasswordReset,
    alongside: (sub: string) => Promise<readonly Write[]>,
  ): Promise<string> {
    if ('token' in reset) throw new CodeInvalid();
    const { email, code, newPassword } = reset;
    const change = this.cognito.call('ConfirmForgotPassword', {
      ClientId: this.cognito.clientId,
      Username: email,
      ConfirmationCode: code,
      Password: newPassword,
    });
    return followed(change, async () => {
      const sub = await this.directory.subOf(email);
      if (sub === undefined) throw new CodeInvalid();
      await this.table.transact(await alongside(sub));
      await this.directory.signOut(sub);
      await this.sessions.removeAll(sub);
      return sub;
    });
  }

  /** Cognito signs nobody out for it: all refresh tokens are made useless here, the caller's own included. */
  async change(
    { sub, accessToken }: Caller,
    { current, next }: { current: string; next: string },
  ): Promise<void> {
    if (accessToken === undefined) throw new AccessTokenRequired();
    const change = this.cognito.call('ChangePassword', {
      AccessToken: accessToken,
      PreviousPassword: current,
      ProposedPassword: next,
    });
    await followed(change, () => this.directory.signOut(sub));
  }
}
