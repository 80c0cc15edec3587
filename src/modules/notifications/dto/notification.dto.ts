import { Equals, IsBoolean, IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { PageQuery } from '../../../http/paging/page-query.dto.js';
import {
  AsBoolean,
  AsInstant,
  IsInstant,
  IsOmittable,
  IsTimeZone,
  Nested,
  ReadOnlyFields,
} from '../../../http/validation/validation.decorators.js';
import { NOTIFICATION_KINDS, type NotificationKind } from '../notification.js';

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const A_TIME = { message: '$property must be a time of day like 22:00' };

export class NotificationsQuery extends PageQuery {
  /** `true` lists only what is unread. There is no list of what is read. */
  @IsOptional()
  @AsBoolean()
  @Equals(true, { message: 'unread must be true' })
  unread?: boolean;

  /** Only notifications of this kind. */
  @IsOptional()
  @IsIn(NOTIFICATION_KINDS)
  kind?: NotificationKind;
}

@ReadOnlyFields(
  'id',
  'userId',
  'kind',
  'title',
  'body',
  'link',
  'readAt',
  'snoozedUntil',
  'createdAt',
  'version',
)
export class UpdateNotificationDto {
  /** @example true */
  @IsOmittable()
  @IsBoolean()
  read?: boolean;

  /** Hides it until then, from when on it is unread; null shows it at once. */
  @IsOptional()
  @IsInstant()
  @AsInstant()
  snoozeUntil?: string | null;
}

export class NotificationResponse {
  /** @format uuid */
  id!: string;
  /** @format uuid */
  userId!: string;
  kind!: NotificationKind;
  title!: string;
  body!: string | null;
  /** Where in the front end it leads, as a path. */
  link!: string | null;
  read!: boolean;
  /** @format date-time */
  readAt!: string | null;
  /** @format date-time */
  snoozedUntil!: string | null;
  /** @format date-time */
  createdAt!: string;
  version!: number;
}

export class UnreadResponse {
  /** At most 99. */
  unread!: number;
  /** Whether there are more, or may be where hundreds are snoozed: a badge shows `<unread>+`. */
  more!: boolean;
}

export class ReadAllResponse {
  /** How many were unread. */
  read!: number;
}

export class ChannelsDto {
  /** In the inbox. */
  @IsOmittable()
  @IsBoolean()
  inApp?: boolean;

  @IsOmittable()
  @IsBoolean()
  email?: boolean;

  /** On the devices that are registered. */
  @IsOmittable()
  @IsBoolean()
  push?: boolean;
}

export class ChannelsPerKindDto {
  /** Quests that are due today. */
  @IsOmittable()
  @Nested(() => ChannelsDto)
  questDue?: ChannelsDto;

  /** Quests whose day has passed. */
  @IsOmittable()
  @Nested(() => ChannelsDto)
  questOverdue?: ChannelsDto;

  /** Certifications that are about to expire, or have. */
  @IsOmittable()
  @Nested(() => ChannelsDto)
  certificationExpiry?: ChannelsDto;
}

export class QuietHoursDto {
  /** @example 22:00 */
  @Matches(TIME, A_TIME)
  start!: string;

  /** @example 07:00 */
  @Matches(TIME, A_TIME)
  end!: string;

  /** The user's own without it. */
  @IsOptional()
  @IsTimeZone()
  timezone?: string | null;
}

export class DigestDto {
  /** One e-mail a day instead of one a notification. */
  @IsOmittable()
  @IsBoolean()
  enabled?: boolean;

  /** Of the user's day. */
  @IsOmittable()
  @IsInt()
  @Min(0)
  @Max(23)
  hour?: number;
}

/** Changes only what is given. */
@ReadOnlyFields('pushPublicKey', 'version')
export class UpdateNotificationPreferencesDto {
  @IsOmittable()
  @Nested(() => ChannelsPerKindDto)
  channels?: ChannelsPerKindDto;

  /** When nothing is sent by mail or push, but afterwards; null for never. */
  @IsOptional()
  @Nested(() => QuietHoursDto)
  quietHours?: QuietHoursDto | null;

  @IsOmittable()
  @Nested(() => DigestDto)
  digest?: DigestDto;

  /** The hour of the user's day at which they are reminded of what is due. */
  @IsOmittable()
  @IsInt()
  @Min(0)
  @Max(23)
  reminderHour?: number;
}

export class ChannelsResponse {
  inApp!: boolean;
  email!: boolean;
  push!: boolean;
}

export class ChannelsPerKindResponse {
  questDue!: ChannelsResponse;
  questOverdue!: ChannelsResponse;
  certificationExpiry!: ChannelsResponse;
}

export class QuietHoursResponse {
  start!: string;
  end!: string;
  timezone!: string | null;
}

export class DigestResponse {
  enabled!: boolean;
  hour!: number;
}

export class NotificationPreferencesResponse {
  channels!: ChannelsPerKindResponse;
  quietHours!: QuietHoursResponse | null;
  digest!: DigestResponse;
  reminderHour!: number;
  /** What a browser subscribes to Web Push with; null while this deployment has no keys for it. */
  pushPublicKey!: string | null;
  version!: number;
}
