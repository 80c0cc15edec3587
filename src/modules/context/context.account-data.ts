import { Injectable } from '@nestjs/common';
import { AccountDataRegistry } from '../../platform/account-data/account-data.js';
import { ContextsRepository } from './contexts.repository.js';

/** How a user's context is exported and erased. */
@Injectable()
export class ContextAccountData {
  constructor(
    private readonly registry: AccountDataRegistry,
    private readonly contexts: ContextsRepository,
  ) {
    this.registry.register({
      entity: 'contexts',
      export: (userId, page) => this.contexts.page(userId, page),
      erase: ({ userId }) => this.contexts.erase(userId),
    });
  }
}
