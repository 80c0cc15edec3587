import { Injectable } from '@nestjs/common';
import { Table, type Write } from '../../dynamodb/table.js';
import { followed } from '../../faults.js';
import { CodeInvalid } from '../identity-errors.js';
import type { Caller, EmailChange, EmailChanges } from '../identity-provider.js';
import { accessTokenOf } from './access-token.js';
import { CognitoClient } from './cognito-client.js';
import { CognitoDirectory } from './cognito-directory.js';

/** The pool mails the code, and keeps the old address until the new one is verified. */
@Injectable()
export class CognitoEmailChanges implements EmailChanges {
  constructor(
    private readonly cognito: CognitoClient,
    private readonly directory: CognitoDirectory,
    private readonly table: Table,
  ) {}

  async start(caller: Caller, newEmail: string): Promise<void> {
    await this.cognito.call('UpdateUserAttributes', {
      AccessToken: accessTokenOf(caller),
      UserAttributes: [{ Name: 'email', Value: newEmail }],
    });
  }

  async confirm(
    caller: Caller,
    { newEmail, code }: EmailChange & { code: string },
    alongside: readonly Write[],
  ): Promise<void> {
    const change = this.cognito.call('VerifyUserAttribute', {
      AccessToken: accessTokenOf(caller),
      AttributeName: 'email',
      Code: code,
    });
    await followed(change, async () => {
      const facts = await this.directory.describe(caller.sub);
      // The code was for the address that was asked for last, which is the pool's now.
      if (facts?.email !== newEmail) throw new CodeInvalid();
      await this.table.transact(alongside);
    });
  }

  async undo(sub: string, { oldEmail }: EmailChange, alongside: readonly Write[]): Promise<void> {
    await this.table.transact(alongside);
    await this.directory.setEmail(sub, oldEmail);
    await this.directory.signOut(sub);
  }
}
