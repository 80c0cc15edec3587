import { Injectable } from '@nestjs/common';
import { ApiError } from '../../../http/errors/api-error.js';
import { dateIn, dayOf, daysAfter } from '../../../platform/local-time.js';
import { UsersService } from '../../users/users.service.js';
import { QUEST_VALIDATION_ERROR } from '../quests.errors.js';
import { QuestListsRepository } from '../quest-lists.repository.js';
import type { StatisticsQuery, StatisticsResponse } from './dto/statistics.dto.js';
import { statisticsOf } from './statistics.js';

/** A leap year; also what is shown when nothing is said. */
const MOST_DAYS = 366;

@Injectable()
export class StatisticsService {
  constructor(
    private readonly lists: QuestListsRepository,
    private readonly users: UsersService,
  ) {}

  /** Days are those of the user's time zone. Reads what was completed in them, and nothing else. */
  async of(userId: string, query: StatisticsQuery): Promise<StatisticsResponse> {
    const { timezone, today } = await this.users.dayOf(userId);
    const to = query.to ?? today;
    const from = query.from ?? daysAfter(to, 1 - MOST_DAYS);
    assertRange(from, to);
    // Somewhere it is each of these days up to a day before and after UTC has it.
    const [begin, end] = [daysAfter(from, -1), daysAfter(to, 2)];
    const tasks = await this.lists.listTasksDone(userId, begin, end);
    const completions = tasks
      .map(({ dueDate, priority, completedAt }) => ({
        dueDate,
        priority,
        completedOn: dateIn(timezone, new Date(completedAt)),
      }))
      .filter(({ completedOn }) => completedOn >= from && completedOn <= to);
    const { heatmap, ...figures } = statisticsOf(completions, { from, to, today });
    return { from, to, timezone, ...figures, heatmap: [...heatmap] };
  }
}

/** @throws {ApiError} QUEST_VALIDATION_ERROR */
function assertRange(from: string, to: string): void {
  const refuse = (code: string, message: string) => {
    throw new ApiError(QUEST_VALIDATION_ERROR, { details: [{ field: 'from', code, message }] });
  };
  if (from > to) refuse('order', 'from must not be after to');
  if (dayOf(to) - dayOf(from) >= MOST_DAYS)
    refuse('maxRange', `from and to must not hold more than ${MOST_DAYS} days`);
}
