import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import { VALIDATION_ERROR } from '../../http/errors/common.errors.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { Clock } from '../../platform/clock.js';
import type { Page } from '../../platform/dynamodb/item.js';
import type { Write } from '../../platform/dynamodb/table.js';
import { IdSource } from '../../platform/ids.js';
import { UsersService } from '../users/users.service.js';
import { DevicesRepository } from './devices.repository.js';
import type {
  NotificationResponse,
  NotificationsQuery,
  UpdateNotificationDto,
} from './dto/notification.dto.js';
import { deliveryTime, type Message, type Notification, OUTER_CHANNELS } from './notification.js';
import { NotificationsRepository, type Route } from './notifications.repository.js';
import { PreferencesRepository } from './preferences.repository.js';

type Versions = readonly number[] | undefined;

/** What a badge can show. */
const MOST_UNREAD = 99;
const LONGEST_SNOOZE_MS = 366 * 24 * 3600 * 1000;

/** What a person is told: in the app at once, by mail and push as they wish. */
@Injectable()
export class NotificationsService {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly preferences: PreferencesRepository,
    private readonly devices: DevicesRepository,
    private readonly users: UsersService,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  /**
   * The one way for other modules to tell a person something. Notifications and what goes with them are one
   * transaction, so that what is raised once is told once.
   * @param at when it came to be known; a digest of that moment takes it along
   * @param alongside writes that stand or fall with it
   */
  async raise(
    userId: string,
    messages: readonly Message[],
    {
      at = this.clock.now(),
      alongside = [],
    }: { readonly at?: Date; readonly alongside?: readonly Write[] } = {},
  ): Promise<void> {
    const writes = messages.length === 0 ? [] : await this.writesOf(userId, messages, at);
    await this.notifications.commit([...writes, ...alongside]);
  }

  async list(userId: string, query: NotificationsQuery & Paged): Promise<Page<NotificationResponse>> {
    return (await this.notifications.list(userId, query, query)).map(asResponse);
  }

  countUnread(userId: string): Promise<{ unread: number; more: boolean }> {
    return this.notifications.countUnread(userId, MOST_UNREAD);
  }

  /** What is snoozed comes back as unread. */
  async update(
    userId: string,
    id: string,
    { read, snoozeUntil }: UpdateNotificationDto,
    versions: Versions,
  ): Promise<NotificationResponse> {
    const now = this.clock.now().toISOString();
    if (snoozeUntil) this.assertSnooze(snoozeUntil, read, now);
    const unread = snoozeUntil ? true : read === undefined ? undefined : !read;
    const readAt = unread === undefined ? undefined : unread ? null : now;
    const snoozedUntil = read === true ? null : snoozeUntil;
    return asResponse(
      await this.notifications.update(userId, id, { readAt, snoozedUntil, unread }, versions),
    );
  }

  async readAll(userId: string): Promise<{ read: number }> {
    return { read: await this.notifications.readAll(userId) };
  }

  async remove(userId: string, id: string, versions: Versions): Promise<{ id: string; deleted: true }> {
    await this.notifications.remove(userId, id, versions);
    return { id, deleted: true };
  }

  private async writesOf(userId: string, messages: readonly Message[], at: Date): Promise<readonly Write[]> {
    const [{ preferences }, devices, timezone] = await Promise.all([
      this.preferences.find(userId),
      this.devices.list(userId),
      this.users.timezoneOf(userId),
    ]);
    return messages.flatMap((message) => {
      const wanted = preferences.channels[message.kind];
      const open = OUTER_CHANNELS.filter((each) => wanted[each] && (each === 'email' || devices.length > 0));
      if (!wanted.inApp && open.length === 0) return [];
      const routes = open.map((channel): Route => ({
        channel,
        gathered: channel === 'email' && preferences.digest.enabled,
        notBefore: deliveryTime(preferences, channel, at, timezone),
      }));
      return this.notifications.raising(userId, this.ids.next(), message, !wanted.inApp, routes);
    });
  }

  private assertSnooze(until: string, read: boolean | undefined, now: string): void {
    const latest = new Date(Date.parse(now) + LONGEST_SNOOZE_MS).toISOString();
    const faults: [boolean, string, string][] = [
      [read === true, 'exclusive', 'what is read is not snoozed'],
      [until <= now, 'isFuture', 'snoozeUntil must be in the future'],
      [until > latest, 'maxRange', 'snoozeUntil must lie within a year'],
    ];
    const details = faults
      .filter(([wrong]) => wrong)
      .map(([, code, message]) => ({ field: 'snoozeUntil', code, message }));
    if (details.length > 0) throw new ApiError(VALIDATION_ERROR, { details });
  }
}

export function asResponse(notification: Notification): NotificationResponse {
  const { muted: _m, ...shown } = notification;
  return { ...shown, read: shown.readAt !== null };
}
