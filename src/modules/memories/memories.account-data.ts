import { Injectable } from '@nestjs/common';
import { AccountDataRegistry } from '../../platform/account-data/account-data.js';
import { MemoriesRepository } from './memories.repository.js';

/** How a user's memories are exported and erased. */
@Injectable()
export class MemoriesAccountData {
  constructor(
    private readonly registry: AccountDataRegistry,
    private readonly memories: MemoriesRepository,
  ) {
    this.registry.register({
      entity: 'memories',
      export: (userId, page) => this.memories.page(userId, page),
      erase: ({ userId }) => this.memories.erase(userId),
    });
  }
}
