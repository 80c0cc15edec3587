import { Injectable } from '@nestjs/common';
import { AccountDataRegistry } from '../../platform/account-data/account-data.js';
import { Page } from '../../platform/dynamodb/item.js';
import { SessionsRepository } from '../../platform/identity/sessions.repository.js';

/** Where a user is signed in. What they sign in with goes with the account at the identity provider. */
@Injectable()
export class AuthAccountData {
  constructor(
    private readonly registry: AccountDataRegistry,
    private readonly sessions: SessionsRepository,
  ) {
    this.registry.register({
      entity: 'sessions',
      export: async (userId) => new Page(await this.sessions.list(userId), null),
      erase: ({ userId }) => this.sessions.removeAll(userId),
    });
  }
}
