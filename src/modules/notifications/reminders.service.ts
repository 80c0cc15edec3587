import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { DueItems, type DueRun } from '../../platform/dynamodb/due-items.js';
import { StaleVersion, untilCurrent } from '../../platform/dynamodb/faults.js';
import type { Write } from '../../platform/dynamodb/table.js';
import { dateIn, daysAfter, instantOf, nextInstantOf, timeIn } from '../../platform/local-time.js';
import { TimezoneChanges } from '../users/timezone-changes.js';
import { UserBeginnings } from '../users/user-beginnings.js';
import { UsersService } from '../users/users.service.js';
import { DEFAULT_PREFERENCES, hourOfDay, type Message } from './notification.js';
import { REMINDERS_DUE } from './notification.item.js';
import { NotificationsService } from './notifications.service.js';
import { PreferencesRepository } from './preferences.repository.js';
import { type Reminder, reminderFrom, RemindersRepository } from './reminders.repository.js';

/** Days of a user, as calendar dates. */
export interface ReminderDays {
  readonly today: string;
  /** The day of the reminders before. */
  readonly since: string;
}

/** A module that knows what somebody is to be reminded of. */
export type ReminderSource = (userId: string, days: ReminderDays) => Promise<readonly Message[]>;

/** Once a day, at the hour that each chose, everybody is reminded of what their modules find: one row a user. */
@Injectable()
export class RemindersService {
  private readonly sources: ReminderSource[] = [];

  constructor(
    private readonly due: DueItems,
    private readonly reminders: RemindersRepository,
    private readonly preferences: PreferencesRepository,
    private readonly notifications: NotificationsService,
    private readonly users: UsersService,
    private readonly beginnings: UserBeginnings,
    private readonly timezones: TimezoneChanges,
    private readonly clock: Clock,
  ) {
    this.beginnings.register('reminder', (userId) => [
      this.beginningOf(userId, 'UTC', DEFAULT_PREFERENCES.reminderHour),
    ]);
    this.timezones.register('reminder', (userId, timezone) => this.follow(userId, timezone));
  }

  register(source: ReminderSource): void {
    this.sources.push(source);
  }

  /** Safe to be run twice, or by several at once. @throws {WorkLeft} */
  run(): Promise<DueRun> {
    return this.due.each(REMINDERS_DUE, (item) => this.remind(reminderFrom(item)));
  }

  /** The writes after which somebody is reminded at another hour; or, if it is the same, at all. */
  async moving(userId: string, hour: number, { changed }: { changed: boolean }): Promise<readonly Write[]> {
    if (!changed && (await this.reminders.find(userId))) return [];
    const timezone = await this.users.timezoneOf(userId, { consistent: true });
    return this.writesFor(userId, timezone, hour);
  }

  /** The messages and the day they are for are one transaction: each is raised once, whatever happens half-way. */
  private async remind(reminder: Reminder): Promise<boolean> {
    const { userId, coveredThrough } = reminder;
    const [timezone, { preferences }] = await Promise.all([
      this.users.timezoneOf(userId, { consistent: true }),
      this.preferences.find(userId, { consistent: true }),
    ]);
    const now = this.clock.now();
    const today = dateIn(timezone, now);
    // After a silence it may be night by now: what was missed is told in the morning.
    const awake = timeIn(timezone, now) >= hourOfDay(preferences.reminderHour);
    const tells = awake && today > coveredThrough;
    const found = tells ? await this.collect(userId, { today, since: coveredThrough }) : [];
    const next = this.nextAt(timezone, preferences.reminderHour);
    // However late it is, a digest of that hour takes it along.
    const at = instantOf(timezone, today, hourOfDay(preferences.reminderHour));
    const rolling = this.reminders.rolling(reminder, next, tells ? today : coveredThrough);
    try {
      await this.notifications.raise(userId, found, { at, alongside: [rolling] });
    } catch (error) {
      if (error instanceof StaleVersion) return false;
      throw error;
    }
    return found.length > 0;
  }

  private async collect(userId: string, days: ReminderDays): Promise<readonly Message[]> {
    return (await Promise.all(this.sources.map((source) => source(userId, days)))).flat();
  }

  private async follow(userId: string, timezone: string): Promise<void> {
    const { preferences } = await this.preferences.find(userId, { consistent: true });
    await untilCurrent(async () => {
      await this.reminders.commit(await this.writesFor(userId, timezone, preferences.reminderHour));
    });
  }

  /**
   * Whoever has heard nothing today hears it at once, if their hour has passed. Somebody without a row is one who was
   * there before there were reminders.
   */
  private async writesFor(userId: string, timezone: string, hour: number): Promise<readonly Write[]> {
    const standing = await this.reminders.find(userId);
    if (!standing) return [this.beginningOf(userId, timezone, hour)];
    const now = this.clock.now();
    const passed = timeIn(timezone, now) >= hourOfDay(hour);
    const untold = dateIn(timezone, now) > standing.coveredThrough;
    return [this.reminders.rolling(standing, passed && untold ? now : this.nextAt(timezone, hour))];
  }

  private beginningOf(userId: string, timezone: string, hour: number): Write {
    const yesterday = daysAfter(dateIn(timezone, this.clock.now()), -1);
    return this.reminders.beginning(userId, this.nextAt(timezone, hour), yesterday);
  }

  private nextAt(timezone: string, hour: number): Date {
    return nextInstantOf(timezone, hourOfDay(hour), this.clock.now());
  }
}
