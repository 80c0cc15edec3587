import { Injectable } from '@nestjs/common';
import { AccountDataRegistry } from '../../platform/account-data/account-data.js';
import { ServiceUnavailable } from '../../platform/faults.js';
import { ActionsRepository } from './actions/actions.repository.js';
import { ConversationsRepository } from './conversations/conversations.repository.js';
import { RemovalService } from './conversations/removal.service.js';
import { MessagesRepository } from './messages/messages.repository.js';
import { UsageRepository } from './usage/usage.repository.js';

/** How a user's conversations, and what came of them, are exported and erased. */
@Injectable()
export class ChatAccountData {
  constructor(
    private readonly registry: AccountDataRegistry,
    private readonly conversations: ConversationsRepository,
    private readonly messages: MessagesRepository,
    private readonly removal: RemovalService,
    private readonly actions: ActionsRepository,
    private readonly usage: UsageRepository,
  ) {
    this.registry.register({
      entity: 'conversations',
      export: (userId, page) => this.conversations.listAll(userId, page),
      erase: ({ userId }) => this.removal.markAll(userId),
    });
    this.registry.register({
      entity: 'messages',
      export: (userId, page) => this.messages.timeline(userId, {}, 'asc', page),
      // And their conversations, once they are empty.
      erase: async ({ userId }) => {
        const { deleted, complete } = await this.removal.removeMarked(userId);
        if (!complete) throw new ServiceUnavailable(new Error('Out of time'));
        return deleted;
      },
    });
    this.registry.register({
      entity: 'chatActions',
      export: (userId, page) => this.actions.page(userId, page),
      erase: ({ userId }) => this.actions.erase(userId),
    });
    this.registry.register({
      entity: 'chatUsage',
      export: (userId, page) => this.usage.page(userId, page),
      erase: ({ userId }) => this.usage.erase(userId),
    });
  }
}
