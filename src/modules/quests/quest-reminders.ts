import { Injectable } from '@nestjs/common';
import { daysAfter } from '../../platform/local-time.js';
import { linesOf, type Message } from '../notifications/notification.js';
import { type ReminderDays, RemindersService } from '../notifications/reminders.service.js';
import type { Task } from './quest.js';
import { QuestListsRepository } from './quest-lists.repository.js';

/** Reminds of tasks on the day they are due, and once when that day has passed. */
@Injectable()
export class QuestReminders {
  constructor(
    private readonly reminders: RemindersService,
    private readonly lists: QuestListsRepository,
  ) {
    this.reminders.register((userId, days) => this.messagesFor(userId, days));
  }

  /** Overdue are those whose day has passed since the reminders before: each is told once. */
  private async messagesFor(userId: string, { today, since }: ReminderDays): Promise<Message[]> {
    const open = await this.lists.listAllOpenTasks(userId, { from: since, to: today });
    const due = open.filter(({ dueDate }) => dueDate === today);
    const overdue = open.filter(({ dueDate }) => dueDate <= daysAfter(today, -1));
    const messages: Message[] = [];
    if (due.length > 0) {
      const title = `${counted(due)} due today`;
      messages.push({ kind: 'questDue', title, body: namesOf(due), link: '/quests?view=today' });
    }
    if (overdue.length > 0) {
      const title = `${counted(overdue)} overdue`;
      messages.push({ kind: 'questOverdue', title, body: namesOf(overdue), link: '/quests?view=overdue' });
    }
    return messages;
  }
}

const counted = (tasks: readonly Task[]): string =>
  tasks.length === 1 ? '1 quest is' : `${tasks.length} quests are`;

const namesOf = (tasks: readonly Task[]): string => linesOf(tasks.map(({ title }) => title));
