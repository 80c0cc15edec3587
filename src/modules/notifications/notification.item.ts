import { type DueQueue, placeIn } from '../../platform/dynamodb/due-items.js';
import type { Change, Item, Key, NewItem, Range } from '../../platform/dynamodb/item.js';
import type { Message, Notification, NotificationKind, OuterChannel } from './notification.js';

const KEPT_SECONDS = 90 * 24 * 3600;
const DELIVERED_WITHIN_SECONDS = 7 * 24 * 3600;

const NOTIFICATION = 'NOTIF#';
const DELIVERY = 'DELIVERY#';

/** Notifications that wait to be sent. */
export const DELIVERIES_DUE: DueQueue = { index: 'GSI2', name: 'DELIVERY' };
/** Users who wait to be reminded, one row each. */
export const REMINDERS_DUE: DueQueue = { index: 'GSI2', name: 'REMIND' };

const partitionOf = (userId: string) => `USER#${userId}`;

export const notificationKey = (userId: string, id: string): Key => ({
  PK: partitionOf(userId),
  SK: `${NOTIFICATION}${id}`,
});
export const preferencesKey = (userId: string): Key => ({ PK: partitionOf(userId), SK: 'NOTIFPREFS' });
export const reminderKey = (userId: string): Key => ({ PK: partitionOf(userId), SK: 'REMIND' });

export const inboxOf = (userId: string): Range => ({ partition: partitionOf(userId), prefix: NOTIFICATION });
export const unreadOf = (userId: string): Range => ({
  index: 'GSI1',
  partition: `${partitionOf(userId)}#UNREAD`,
});
export const deliveriesOf = (userId: string): Range => ({ partition: partitionOf(userId), prefix: DELIVERY });

/** Among the unread ones, or not. */
export const unreadPlace = (userId: string, id: string, unread: boolean): Change => ({
  GSI1PK: unread ? unreadOf(userId).partition : null,
  GSI1SK: unread ? id : null,
});

export function newNotificationItem(
  userId: string,
  id: string,
  { kind, title, body, link }: Message,
  muted: boolean,
  now: number,
): NewItem {
  return {
    ...notificationKey(userId, id),
    ...(muted ? { muted } : { GSI1PK: unreadOf(userId).partition, GSI1SK: id }),
    EntityType: 'NOTIFICATION',
    kind,
    title,
    ...(body !== null && { body }),
    ...(link !== null && { link }),
    ExpiresAt: now + KEPT_SECONDS,
  };
}

export const notificationFrom = (item: Item): Notification => ({
  id: item.SK.slice(NOTIFICATION.length),
  userId: item.PK.slice('USER#'.length),
  kind: item['kind'] as NotificationKind,
  title: item['title'] as string,
  body: (item['body'] as string | undefined) ?? null,
  link: (item['link'] as string | undefined) ?? null,
  readAt: (item['readAt'] as string | undefined) ?? null,
  snoozedUntil: (item['snoozedUntil'] as string | undefined) ?? null,
  muted: item['muted'] === true,
  createdAt: item.CreatedAt,
  version: item.Version,
});

/** A notification on its way to a person by one channel. */
export interface Delivery extends Key {
  readonly userId: string;
  readonly notificationId: string;
  readonly channel: OuterChannel;
  /** Whether it goes with the others of its day. */
  readonly gathered: boolean;
  readonly notBefore: string;
  readonly attempts: number;
  /** Who is sending it, and until when nobody else does. */
  readonly claim: string | null;
  readonly claimedUntil: string | null;
  /** The mail that it goes with, by the name under which it is sent, however often that is tried. */
  readonly mailId: string | null;
  /** Devices that have it already. */
  readonly served: readonly string[];
}

export const deliveryPlace = (
  userId: string,
  notificationId: string,
  channel: OuterChannel,
  notBefore: Date,
) => ({
  ...placeIn(DELIVERIES_DUE, userId, notBefore, `${userId}#${notificationId}#${channel}`),
  notBefore: notBefore.toISOString(),
});

export function newDeliveryItem(
  userId: string,
  notificationId: string,
  channel: OuterChannel,
  { gathered, notBefore }: { readonly gathered: boolean; readonly notBefore: Date },
): NewItem {
  return {
    PK: partitionOf(userId),
    SK: `${DELIVERY}${notificationId}#${channel}`,
    ...deliveryPlace(userId, notificationId, channel, notBefore),
    EntityType: 'DELIVERY',
    channel,
    gathered,
    attempts: 0,
    served: [],
    ExpiresAt: Math.ceil(notBefore.getTime() / 1000) + DELIVERED_WITHIN_SECONDS,
  };
}

export const deliveryFrom = (item: Item): Delivery => ({
  PK: item.PK,
  SK: item.SK,
  userId: item.PK.slice('USER#'.length),
  notificationId: item.SK.slice(DELIVERY.length).split('#')[0] ?? '',
  channel: item['channel'] as OuterChannel,
  gathered: item['gathered'] as boolean,
  notBefore: item['notBefore'] as string,
  attempts: item['attempts'] as number,
  claim: (item['claim'] as string | undefined) ?? null,
  claimedUntil: (item['claimedUntil'] as string | undefined) ?? null,
  mailId: (item['mailId'] as string | undefined) ?? null,
  served: item['served'] as string[],
});
