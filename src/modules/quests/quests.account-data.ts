import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type AccountData, AccountDataRegistry } from '../../platform/account-data/account-data.js';
import type { Page, PageRequest } from '../../platform/dynamodb/item.js';
import { asResponse } from './dto/quest-response.dto.js';
import type { QuestType } from './quest.js';
import { QuestsRepository } from './quests.repository.js';

const ERASED_AT_ONCE = 100;

/** How a user's tasks and goals are exported and erased. */
@Injectable()
export class QuestsAccountData implements OnModuleInit {
  constructor(
    private readonly registry: AccountDataRegistry,
    private readonly quests: QuestsRepository,
  ) {}

  onModuleInit(): void {
    this.registry.register(this.of('tasks', 'task'));
    this.registry.register(this.of('goals', 'goal'));
  }

  private of(entity: string, type: QuestType): AccountData {
    return {
      entity,
      export: async (userId: string, { limit, after }: PageRequest): Promise<Page<unknown>> => {
        return (await this.quests.listAll(userId, type, { limit, after })).map(asResponse);
      },
      erase: ({ userId }) => this.erase(userId, type),
    };
  }

  private async erase(userId: string, type: QuestType): Promise<number> {
    let erased = 0;
    for (;;) {
      const { items } = await this.quests.listAll(userId, type, { limit: ERASED_AT_ONCE, after: undefined });
      if (items.length === 0) return erased;
      await Promise.all(items.map(({ id }) => this.quests.erase(userId, type, id)));
      erased += items.length;
    }
  }
}
