import { Injectable } from '@nestjs/common';
import { ApiError, failWith } from '../../http/errors/api-error.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { Clock } from '../../platform/clock.js';
import type { Change, Item, Page, PageRequest } from '../../platform/dynamodb/item.js';
import { Table, type Write } from '../../platform/dynamodb/table.js';
import { someAtOnce } from '../../platform/some-at-once.js';
import type { Message, Notification, NotificationKind, OuterChannel } from './notification.js';
import {
  deliveriesOf,
  inboxOf,
  newDeliveryItem,
  newNotificationItem,
  notificationFrom,
  notificationKey,
  unreadOf,
  unreadPlace,
} from './notification.item.js';
import { NOTIFICATION_NOT_FOUND } from './notifications.errors.js';

type Versions = readonly number[] | undefined;

/** A channel that a notification goes out by, and when. */
export interface Route {
  readonly channel: OuterChannel;
  readonly gathered: boolean;
  readonly notBefore: Date;
}

const notFound = failWith(NOTIFICATION_NOT_FOUND);
const drawnTwice = () => new Error('An id was drawn twice');
const CHANGED_AT_ONCE = 25;
/** What is snoozed is read as well, and not counted. */
const READS_TO_COUNT = 4;

@Injectable()
export class NotificationsRepository {
  constructor(
    private readonly table: Table,
    private readonly clock: Clock,
  ) {}

  /** A notification with its deliveries. */
  raising(
    userId: string,
    id: string,
    message: Message,
    muted: boolean,
    routes: readonly Route[],
  ): readonly Write[] {
    const rows = [
      newNotificationItem(userId, id, message, muted, this.clock.seconds()),
      ...routes.map(({ channel, ...when }) => newDeliveryItem(userId, id, channel, when)),
    ];
    return rows.map((row) => ({ put: this.table.stamp(row), orElse: drawnTwice }));
  }

  async commit(writes: readonly Write[]): Promise<void> {
    await this.table.commit(writes);
  }

  /** Newest first, without those that are snoozed. */
  async list(
    userId: string,
    { unread, kind }: { readonly unread?: boolean | undefined; readonly kind?: NotificationKind | undefined },
    page: Paged,
  ): Promise<Page<Notification>> {
    const range = unread === true ? unreadOf(userId) : inboxOf(userId);
    const listing = {
      ranges: [range],
      order: 'descending' as const,
      where: kind && { kind },
      keep: (item: Item) => this.isShown(item),
    };
    return (await this.table.page(listing, page)).map(notificationFrom);
  }

  /** @returns how many, at most `most`, and whether there may be more: it reads no more than `READS_TO_COUNT` times that */
  async countUnread(userId: string, most: number): Promise<{ unread: number; more: boolean }> {
    let unread = 0;
    let after: string | undefined;
    for (let read = 0; read < READS_TO_COUNT; read += 1) {
      // Without a filter, since a Query that filters reads ahead.
      const listing = { ranges: [unreadOf(userId)], order: 'descending' as const };
      const { items, next } = await this.table.page(listing, { limit: most, after });
      unread += items.filter((item) => this.isShown(item)).length;
      if (next === null && unread <= most) return { unread, more: false };
      if (next === null || unread >= most) break;
      after = next;
    }
    return { unread: Math.min(unread, most), more: true };
  }

  async listUnread(userId: string): Promise<Notification[]> {
    const listing = {
      ranges: [unreadOf(userId)],
      order: 'descending' as const,
      keep: (item: Item) => this.isShown(item),
    };
    return (await this.table.all(listing)).map(notificationFrom);
  }

  /** Read consistently: what is not found is not sent. */
  async findMany(userId: string, ids: readonly string[]): Promise<Notification[]> {
    const keys = ids.map((id) => notificationKey(userId, id));
    const items = await this.table.getMany(keys, { consistent: true });
    return items.map(notificationFrom);
  }

  async update(
    userId: string,
    id: string,
    { unread, ...change }: Change & { readonly unread?: boolean | undefined },
    versions: Versions,
  ): Promise<Notification> {
    const place = unread === undefined ? {} : unreadPlace(userId, id, unread);
    const options = { versions, where: { muted: null }, along: ['readAt'] };
    const key = notificationKey(userId, id);
    return notificationFrom(await this.table.update(key, { ...change, ...place }, notFound, options));
  }

  /** Marks what is shown as unread; safe to be run again. @returns how many this has marked, and nobody else meanwhile */
  async readAll(userId: string): Promise<number> {
    const unread = await this.listUnread(userId);
    const readAt = this.clock.now().toISOString();
    let marked = 0;
    await someAtOnce(unread, CHANGED_AT_ONCE, async ({ id, snoozedUntil }) => {
      const where = { muted: null, readAt: null, snoozedUntil };
      const change = { readAt, ...unreadPlace(userId, id, false) };
      try {
        await this.table.update(notificationKey(userId, id), change, notFound, { where });
        marked += 1;
      } catch (error) {
        ignoreGone(error);
      }
    });
    return marked;
  }

  async remove(userId: string, id: string, versions: Versions): Promise<void> {
    await this.table.remove(notificationKey(userId, id), notFound, { versions, where: { muted: null } });
  }

  async listAll(userId: string, page: PageRequest): Promise<Page<Notification>> {
    return (await this.table.page({ ranges: [inboxOf(userId)], order: 'ascending' }, page)).map(
      notificationFrom,
    );
  }

  async erase(userId: string): Promise<number> {
    return (
      (await this.table.discardAll(deliveriesOf(userId))) + (await this.table.discardAll(inboxOf(userId)))
    );
  }

  private isShown({ muted, snoozedUntil }: Item): boolean {
    return muted !== true && !(((snoozedUntil as string | undefined) ?? '') > this.clock.now().toISOString());
  }
}

/** Somebody has read, snoozed or removed it meanwhile. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof ApiError && error.code === NOTIFICATION_NOT_FOUND.code)) throw error;
}
