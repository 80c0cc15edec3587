import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import { PRECONDITION_FAILED, VALIDATION_ERROR } from '../../http/errors/common.errors.js';
import { untilCurrent } from '../../platform/dynamodb/faults.js';
import type {
  NotificationPreferencesResponse,
  UpdateNotificationPreferencesDto,
} from './dto/notification.dto.js';
import { DevicesService } from './devices.service.js';
import { NOTIFICATION_KINDS, type NotificationKind, type NotificationPreferences } from './notification.js';
import { PreferencesRepository } from './preferences.repository.js';
import { RemindersService } from './reminders.service.js';

type Versions = readonly number[] | undefined;

/** What a person wants to be told, how, and when. */
@Injectable()
export class PreferencesService {
  constructor(
    private readonly preferences: PreferencesRepository,
    private readonly reminders: RemindersService,
    private readonly devices: DevicesService,
  ) {}

  async get(userId: string, { consistent = false } = {}): Promise<NotificationPreferencesResponse> {
    const [{ preferences, version }, pushPublicKey] = await Promise.all([
      this.preferences.find(userId, { consistent }),
      this.devices.publicKey(),
    ]);
    return { ...preferences, pushPublicKey, version };
  }

  async update(
    userId: string,
    change: UpdateNotificationPreferencesDto,
    versions: Versions,
  ): Promise<NotificationPreferencesResponse> {
    await this.change(userId, (known) => merged(known, change), versions);
    return this.get(userId, { consistent: true });
  }

  /** No more mail of a kind, or of any. */
  async endMail(userId: string, kinds: readonly NotificationKind[]): Promise<void> {
    const channels = Object.fromEntries(kinds.map((kind) => [kind, { email: false }]));
    await this.change(userId, (known) => merged(known, { channels }), undefined);
  }

  private async change(
    userId: string,
    apply: (known: NotificationPreferences) => NotificationPreferences,
    versions: Versions,
  ): Promise<void> {
    await untilCurrent(async () => {
      const { preferences: known, version, item } = await this.preferences.find(userId, { consistent: true });
      if (versions && !versions.includes(version)) throw new ApiError(PRECONDITION_FAILED);
      const next = apply(known);
      const changed = next.reminderHour !== known.reminderHour;
      // With the first save, whoever was there before there were reminders gets theirs.
      const concerns = changed || item === undefined;
      const alongside = concerns ? await this.reminders.moving(userId, next.reminderHour, { changed }) : [];
      if (alongside.length === 0 && isDeepStrictEqual(next, known)) return;
      await this.preferences.save(userId, item, next, alongside);
    });
  }
}

/** What is not named stays. */
function merged(
  known: NotificationPreferences,
  { channels = {}, quietHours, digest, reminderHour }: UpdateNotificationPreferencesDto,
): NotificationPreferences {
  if (quietHours && quietHours.start === quietHours.end) {
    const message = 'quietHours must end at another time than they start';
    throw new ApiError(VALIDATION_ERROR, {
      details: [{ field: 'quietHours.end', code: 'differs', message }],
    });
  }
  const channelsOf = (kind: NotificationKind) => [
    kind,
    { ...known.channels[kind], ...given(channels[kind]) },
  ];
  return {
    channels: Object.fromEntries(NOTIFICATION_KINDS.map(channelsOf)) as NotificationPreferences['channels'],
    quietHours:
      quietHours === undefined
        ? known.quietHours
        : quietHours && { ...quietHours, timezone: quietHours.timezone ?? null },
    digest: { ...known.digest, ...given(digest) },
    reminderHour: reminderHour ?? known.reminderHour,
  };
}

const given = <T extends object>(change: T | undefined): { [K in keyof T]-?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(change ?? {}).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]-?: NonNullable<T[K]>;
  };
