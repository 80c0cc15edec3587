import { Injectable } from '@nestjs/common';
import { type AccountData, AccountDataRegistry } from '../../platform/account-data/account-data.js';
import type { Page, PageRequest } from '../../platform/dynamodb/item.js';
import { BatchesRepository } from './batch/batches.repository.js';
import { CalendarTokensRepository } from './calendar/calendar-tokens.repository.js';
import { asResponse } from './dto/quest-response.dto.js';
import { MilestonesRepository } from './goals/milestones.repository.js';
import type { QuestType } from './quest.js';
import { QuestListsRepository } from './quest-lists.repository.js';
import { QuestsRepository } from './quests.repository.js';
import { RulesRepository } from './recurrence/rules.repository.js';

/** How a user's tasks, goals, rules and all that goes with them are exported and erased. */
@Injectable()
export class QuestsAccountData {
  constructor(
    private readonly registry: AccountDataRegistry,
    private readonly quests: QuestsRepository,
    private readonly lists: QuestListsRepository,
    private readonly milestones: MilestonesRepository,
    private readonly rules: RulesRepository,
    private readonly tokens: CalendarTokensRepository,
    private readonly batches: BatchesRepository,
  ) {
    // What would make another task goes first.
    this.registry.register({
      entity: 'recurrenceRules',
      export: (userId, page) => this.rules.list(userId, { after: undefined, ...page }),
      erase: ({ userId }) => this.rules.discardAll(userId),
    });
    this.registry.register(this.of('tasks', 'task'));
    this.registry.register(this.of('goals', 'goal'));
    this.registry.register({
      entity: 'milestones',
      export: (userId, page) => this.milestones.listAll(userId, page),
      erase: ({ userId }) => this.milestones.discardAll(userId),
    });
    this.registry.register({ entity: 'batches', erase: ({ userId }) => this.batches.discardAll(userId) });
    this.registry.register({
      entity: 'calendarToken',
      erase: async ({ userId }) => Number(await this.tokens.revoke(userId)),
    });
  }

  private of(entity: string, type: QuestType): AccountData {
    return {
      entity,
      export: async (userId: string, { limit, after }: PageRequest): Promise<Page<unknown>> => {
        return (await this.lists.listAll(userId, type, { limit, after })).map((quest) => asResponse(quest));
      },
      erase: ({ userId }) => this.quests.discardAll(userId, type),
    };
  }
}
