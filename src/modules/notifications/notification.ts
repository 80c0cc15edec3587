import { nextInstantOf, timeIn } from '../../platform/local-time.js';

export const NOTIFICATION_KINDS = ['questDue', 'questOverdue', 'certificationExpiry'] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** Channels that reach a person elsewhere than in the app. */
export const OUTER_CHANNELS = ['email', 'push'] as const;
export type OuterChannel = (typeof OUTER_CHANNELS)[number];

/** What a module wants a person to know. */
export interface Message {
  readonly kind: NotificationKind;
  readonly title: string;
  readonly body: string | null;
  /** Where in the front end it leads, as a path. */
  readonly link: string | null;
}

export interface Notification extends Message {
  readonly id: string;
  readonly userId: string;
  readonly readAt: string | null;
  readonly snoozedUntil: string | null;
  /** Not shown in the inbox: it was sent elsewhere only. */
  readonly muted: boolean;
  readonly createdAt: string;
  readonly version: number;
}

export type Channels = Readonly<Record<'inApp' | OuterChannel, boolean>>;

export interface QuietHours {
  /** `HH:MM`. */
  readonly start: string;
  readonly end: string;
  /** The user's own if null. */
  readonly timezone: string | null;
}

export interface NotificationPreferences {
  readonly channels: Readonly<Record<NotificationKind, Channels>>;
  readonly quietHours: QuietHours | null;
  /** Gathers the e-mails of a day into one, at an hour of the user's day. */
  readonly digest: { readonly enabled: boolean; readonly hour: number };
  /** The hour of the user's day at which they are reminded. */
  readonly reminderHour: number;
}

/** Push reaches devices that somebody has registered, and e-mail is for those who ask. */
const CHANNELS: Channels = { inApp: true, email: false, push: true };

export const DEFAULT_PREFERENCES: NotificationPreferences = {
  channels: { questDue: CHANNELS, questOverdue: CHANNELS, certificationExpiry: CHANNELS },
  quietHours: null,
  digest: { enabled: false, hour: 8 },
  reminderHour: 8,
};

export const hourOfDay = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** Whether a time of day lies in quiet hours, which may reach over midnight. */
export function isQuiet({ start, end }: Pick<QuietHours, 'start' | 'end'>, time: string): boolean {
  return start <= end ? time >= start && time < end : time >= start || time < end;
}

/** An instant, or the end of the quiet hours that it lies in. */
export function outsideQuietHours(
  { quietHours }: Pick<NotificationPreferences, 'quietHours'>,
  at: Date,
  timezone: string,
): Date {
  if (!quietHours) return at;
  const zone = quietHours.timezone ?? timezone;
  return isQuiet(quietHours, timeIn(zone, at)) ? nextInstantOf(zone, quietHours.end, at) : at;
}

/** When something that is raised at an instant may be sent: with the digest, and after quiet hours. */
export function deliveryTime(
  preferences: NotificationPreferences,
  channel: OuterChannel,
  at: Date,
  timezone: string,
): Date {
  const { digest } = preferences;
  const gathered = channel === 'email' && digest.enabled;
  // A digest at this very instant takes it along.
  const planned = gathered ? nextInstantOf(timezone, hourOfDay(digest.hour), new Date(at.getTime() - 1)) : at;
  return outsideQuietHours(preferences, planned, timezone);
}

/** Named in a message; of the others it says how many. */
const NAMED = 10;

/** What a message is about, a line each. */
export function linesOf(names: readonly string[]): string {
  const more = names.length > NAMED ? [`and ${names.length - NAMED} more`] : [];
  return [...names.slice(0, NAMED), ...more].join('\n');
}
