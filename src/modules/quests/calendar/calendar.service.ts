import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { Document } from '../../../http/envelope/document.js';
import { ApiError } from '../../../http/errors/api-error.js';
import { untilCurrent } from '../../../platform/dynamodb/faults.js';
import { daysAfter } from '../../../platform/local-time.js';
import { AccessRevocations } from '../../users/access-revocations.js';
import { UsersService } from '../../users/users.service.js';
import type { Goal, Priority, Task } from '../quest.js';
import { CALENDAR_NOT_FOUND } from '../quests.errors.js';
import { QuestListsRepository } from '../quest-lists.repository.js';
import { previewOf } from '../recurrence/cursor.js';
import type { Rule } from '../recurrence/rule.js';
import { datesFrom } from '../recurrence/schedule.js';
import { taskIdOf } from '../recurrence/rule.item.js';
import { RulesRepository } from '../recurrence/rules.repository.js';
import { CalendarTokensRepository } from './calendar-tokens.repository.js';
import { type CalendarEvent, icalendarOf } from './icalendar.js';

const TOKEN_BYTES = 32;
const DAYS_BACK = 30;
const DAYS_AHEAD = 366;
/** How far ahead tasks are shown that their rules have yet to make. */
const RULE_DAYS_AHEAD = 92;
const MOST_UPCOMING = 2000;
/** RFC 5545, 3.8.1.9: 1 to 4 is high, 5 medium, 6 to 9 low. */
const PRIORITIES: Readonly<Record<Priority, number>> = { high: 1, medium: 5, low: 9 };

/** What is due, for calendars that subscribe to it. */
@Injectable()
export class CalendarService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly tokens: CalendarTokensRepository,
    private readonly lists: QuestListsRepository,
    private readonly rules: RulesRepository,
    private readonly users: UsersService,
    revocations: AccessRevocations,
  ) {
    revocations.register({
      title: 'the secret address of your calendar',
      revoke: (userId) => untilCurrent(() => this.tokens.revoke(userId)),
    });
  }

  /** A new address; the one before ends. */
  async issue(userId: string): Promise<{ url: string }> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    await untilCurrent(() => this.tokens.issue(userId, token));
    return { url: `${this.config.publicUrl}/v1/quests/calendar.ics?token=${token}` };
  }

  async revoke(userId: string): Promise<{ revoked: boolean }> {
    return { revoked: await untilCurrent(() => this.tokens.revoke(userId)) };
  }

  /** @throws {ApiError} CALENDAR_NOT_FOUND */
  async feed(token: string): Promise<Document> {
    const userId = await this.tokens.ownerOf(token);
    if (userId === undefined || (await this.users.addressOf(userId)) === undefined)
      throw new ApiError(CALENDAR_NOT_FOUND);
    const { today } = await this.users.dayOf(userId);
    const dates = { from: daysAfter(today, -DAYS_BACK), to: daysAfter(today, DAYS_AHEAD) };
    const [tasks, goals, rules] = await Promise.all([
      this.lists.listAllTasksByDate(userId, dates),
      this.lists.listAllActiveGoals(userId, dates),
      this.rules.listAll(userId),
    ]);
    const made = new Set(tasks.map(({ id }) => id));
    const events = [
      ...tasks.map(ofTask),
      ...goals.map(ofGoal),
      ...upcoming(rules, today).filter(({ uid }) => !made.has(uid)),
    ];
    const text = icalendarOf('Quests', events);
    return new Document('text/calendar; charset=utf-8', Buffer.from(text));
  }
}

function ofTask(task: Task): CalendarEvent {
  const { id, title, description, category, priority, dueDate, completedAt } = task;
  return {
    uid: id,
    date: dueDate,
    summary: completedAt === null ? title : `✓ ${title}`,
    description,
    categories: category === null ? [] : [category],
    priority: priority && PRIORITIES[priority],
    sequence: task.version - 1,
    createdAt: task.createdAt,
    updatedAt: task.updatedAt,
  };
}

function ofGoal(goal: Goal): CalendarEvent {
  const { id, title, description, category, priority, targetDate } = goal;
  return {
    uid: id,
    date: targetDate,
    summary: `🏁 ${title}`,
    description,
    categories: category === null ? ['Goal'] : ['Goal', category],
    priority: priority && PRIORITIES[priority],
    sequence: goal.version - 1,
    createdAt: goal.createdAt,
    updatedAt: goal.updatedAt,
  };
}

/** What rules will make, soonest first. */
const upcoming = (rules: readonly Rule[], today: string): CalendarEvent[] =>
  rules
    .flatMap((rule) => ofRule(rule, today))
    .sort((one, other) => (one.date < other.date ? -1 : 1))
    .slice(0, MOST_UPCOMING);

/** What a rule will make, under the ids that its tasks will have. */
function ofRule(rule: Rule, today: string): CalendarEvent[] {
  const last = daysAfter(today, RULE_DAYS_AHEAD);
  return upcomingOf(rule, today, last).map((date) => ({
    uid: taskIdOf(rule.id, date),
    date,
    summary: rule.title,
    description: null,
    categories: rule.category === null ? [] : [rule.category],
    priority: rule.priority && PRIORITIES[rule.priority],
    sequence: 0,
    createdAt: rule.createdAt,
    updatedAt: rule.updatedAt,
  }));
}

/** By completion, only the first of them is certain. */
function upcomingOf(rule: Rule, today: string, last: string): readonly string[] {
  if (rule.status === 'paused' || rule.nextDate === null) return [];
  if (rule.mode === 'completion') return previewOf(rule, today, 1).filter((date) => date <= last);
  const dates: string[] = [];
  for (const date of datesFrom(rule, rule.nextDate)) {
    if (date > last) break;
    if (date >= today) dates.push(date);
  }
  return dates;
}
