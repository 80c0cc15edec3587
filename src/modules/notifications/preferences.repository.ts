import { Injectable } from '@nestjs/common';
import { StaleVersion } from '../../platform/dynamodb/faults.js';
import type { Item } from '../../platform/dynamodb/item.js';
import { Table, type Write } from '../../platform/dynamodb/table.js';
import {
  DEFAULT_PREFERENCES,
  NOTIFICATION_KINDS,
  type NotificationKind,
  type NotificationPreferences,
} from './notification.js';
import { preferencesKey } from './notification.item.js';

interface Standing {
  readonly preferences: NotificationPreferences;
  readonly version: number;
  readonly item: Item | undefined;
}

@Injectable()
export class PreferencesRepository {
  constructor(private readonly table: Table) {}

  /** What nobody has said is as by default, also for kinds that came later. */
  async find(userId: string, { consistent = false } = {}): Promise<Standing> {
    const item = await this.table.get(preferencesKey(userId), { consistent });
    const data = (item?.['data'] as Partial<NotificationPreferences> | undefined) ?? {};
    return { preferences: inOrder(data), version: item?.Version ?? 0, item };
  }

  /** @param alongside what stands or falls with it @throws {StaleVersion} when somebody was faster */
  async save(
    userId: string,
    standing: Item | undefined,
    data: NotificationPreferences,
    alongside: readonly Write[],
  ): Promise<void> {
    const orElse = () => new StaleVersion();
    const fresh = { ...preferencesKey(userId), EntityType: 'NOTIFICATION_PREFERENCES', data };
    const write = standing
      ? { replace: this.table.restamp(standing, { data }), orElse }
      : { put: this.table.stamp(fresh), orElse };
    await this.table.commit([write, ...alongside]);
  }

  async erase(userId: string): Promise<number> {
    const { item } = await this.find(userId, { consistent: true });
    await this.table.discard(preferencesKey(userId));
    return item ? 1 : 0;
  }
}

/** DynamoDB's maps have no order; what is answered has, so that its ETag stays. */
function inOrder({
  channels,
  quietHours,
  digest,
  reminderHour,
}: Partial<NotificationPreferences>): NotificationPreferences {
  const { digest: usual } = DEFAULT_PREFERENCES;
  const channelsOf = (kind: NotificationKind) => {
    const { inApp, email, push } = { ...DEFAULT_PREFERENCES.channels[kind], ...channels?.[kind] };
    return [kind, { inApp, email, push }];
  };
  return {
    channels: Object.fromEntries(NOTIFICATION_KINDS.map(channelsOf)) as NotificationPreferences['channels'],
    quietHours: quietHours
      ? { start: quietHours.start, end: quietHours.end, timezone: quietHours.timezone }
      : null,
    digest: { enabled: digest?.enabled ?? usual.enabled, hour: digest?.hour ?? usual.hour },
    reminderHour: reminderHour ?? DEFAULT_PREFERENCES.reminderHour,
  };
}
