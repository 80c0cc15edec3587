import { Injectable } from '@nestjs/common';
import { UsersService } from '../../users/users.service.js';
import { type Progress, progressOf } from '../quest.js';
import { QuestListsRepository } from '../quest-lists.repository.js';

/** How far goals have come. */
@Injectable()
export class GoalProgressService {
  constructor(
    private readonly lists: QuestListsRepository,
    private readonly users: UsersService,
  ) {}

  /** By its tasks, on the day that it is where the user is. */
  async of(userId: string, goalId: string): Promise<Progress> {
    const [tasks, { today }] = await Promise.all([
      this.lists.listTasksOfGoal(userId, goalId),
      this.users.dayOf(userId),
    ]);
    return progressOf(tasks, today);
  }
}
