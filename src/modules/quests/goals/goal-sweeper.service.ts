import { Injectable } from '@nestjs/common';
import { DueItems, type DueRun } from '../../../platform/dynamodb/due-items.js';
import { LEAVING_GOALS } from '../quest.item.js';
import { QuestsRepository } from '../quests.repository.js';

/** Finishes removals of goals that a request began and could not end. */
@Injectable()
export class GoalSweeper {
  constructor(
    private readonly quests: QuestsRepository,
    private readonly due: DueItems,
  ) {}

  /** @throws {WorkLeft} */
  sweep(): Promise<DueRun> {
    return this.due.each(LEAVING_GOALS, async (goal) => {
      await this.quests.finishRemoval(goal);
      return true;
    });
  }
}
