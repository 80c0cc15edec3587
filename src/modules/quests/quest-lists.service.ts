import { Injectable } from '@nestjs/common';
import { ApiError, type ErrorDetail } from '../../http/errors/api-error.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import type { Page } from '../../platform/dynamodb/item.js';
import { daysAfter } from '../../platform/local-time.js';
import { UsersService } from '../users/users.service.js';
import type { ListQuestsQuery } from './dto/quest-query.dto.js';
import { asResponse, type GoalResponse, type TaskResponse } from './dto/quest-response.dto.js';
import { type Goal, isStatusOf, type Quest, type Task } from './quest.js';
import { QUEST_VALIDATION_ERROR } from './quests.errors.js';
import { type Dates, QuestListsRepository } from './quest-lists.repository.js';

const PAGE = 20;
/** A day is answered whole, but for one that nobody can have. */
const WHOLE_DAY = 500;
const SELECTORS = ['date', 'type', 'status', 'goalId', 'from', 'to', 'view'] as const;

/** Chooses for each list the one index that answers it. */
@Injectable()
export class QuestListsService {
  constructor(
    private readonly quests: QuestListsRepository,
    private readonly users: UsersService,
  ) {}

  async list(userId: string, query: ListQuestsQuery): Promise<Page<TaskResponse | GoalResponse>> {
    assertOneMeaning(query);
    const page = { limit: query.limit ?? (query.date === undefined ? PAGE : WHOLE_DAY), after: query.after };
    return (await this.select(userId, query, page)).map((quest) => asResponse(quest));
  }

  private async select(userId: string, query: ListQuestsQuery, page: Paged): Promise<Page<Quest>> {
    const dates = await this.datesOf(userId, query);
    if (isAboutGoals(query))
      return this.quests.listGoals(userId, dates, page, query.status as Goal['status']);
    const status = query.status as Task['status'] | undefined;
    if (query.goalId !== undefined)
      return this.quests.listTasksOfGoalByDate(userId, query.goalId, dates, page, status);
    const isAnything = SELECTORS.every((name) => query[name] === undefined);
    const open = isAnything || query.view === 'overdue' || query.view === 'upcoming';
    if (open || status === 'pending' || status === 'in-progress') {
      return this.quests.listOpenTasks(userId, dates, page, status);
    }
    return this.quests.listTasksByDate(userId, dates, page, status);
  }

  private async datesOf(userId: string, { date, from, to, view }: ListQuestsQuery): Promise<Dates> {
    if (date !== undefined) return { from: date, to: date };
    if (view === undefined) return { from, to };
    const { today } = await this.users.dayOf(userId);
    if (view === 'today') return { from: today, to: today };
    return view === 'overdue' ? { to: daysAfter(today, -1) } : { from: daysAfter(today, 1) };
  }
}

const isAboutGoals = ({ type, status }: ListQuestsQuery): boolean =>
  type === 'goal' || (type === undefined && (status === 'active' || status === 'paused'));

/** @throws {ApiError} QUEST_VALIDATION_ERROR when the parameters ask for two things at once. */
function assertOneMeaning(query: ListQuestsQuery): void {
  const { date, type, status, goalId, from, to, view } = query;
  const goals = isAboutGoals(query);
  const ranged = from !== undefined || to !== undefined;
  const faults: [boolean, string, string, string][] = [
    [date !== undefined && ranged, 'date', 'exclusive', 'date goes without from and to'],
    [
      view !== undefined && (date !== undefined || ranged),
      'view',
      'exclusive',
      'view goes without date, from and to',
    ],
    [from !== undefined && to !== undefined && from > to, 'from', 'order', 'from must not be after to'],
    [goals && goalId !== undefined, 'goalId', 'isTaskField', 'goalId selects tasks only'],
    [
      goals && (date !== undefined || view !== undefined),
      'type',
      'exclusive',
      'date and view select tasks only',
    ],
    [
      view !== undefined && view !== 'today' && status === 'completed',
      'status',
      'exclusive',
      `view=${view} shows open tasks only`,
    ],
    [view !== undefined && goalId !== undefined, 'view', 'exclusive', 'view goes without goalId'],
    [
      status !== undefined && !isStatusOf(goals ? 'goal' : 'task', status),
      'status',
      'isStatusOfType',
      `status ${status} is not one of a ${type ?? 'task'}`,
    ],
  ];
  const details: ErrorDetail[] = faults
    .filter(([wrong]) => wrong)
    .map(([, field, code, message]) => ({ field, code, message }));
  if (details.length > 0) throw new ApiError(QUEST_VALIDATION_ERROR, { details });
}
