import { Injectable } from '@nestjs/common';
import type { Origin } from '../../http/request/origin.decorator.js';
import { Clock } from '../../platform/clock.js';
import { type Item, Page, type PageRequest } from '../../platform/dynamodb/item.js';
import { Table } from '../../platform/dynamodb/table.js';
import { IdSource } from '../../platform/ids.js';
import { ApplicationKeys } from '../../platform/secrets/application-keys.js';

/** What is worth knowing of an account afterwards. */
export type SecurityEvent =
  | 'registered'
  | 'address-confirmed'
  | 'login'
  | 'login-failed'
  | 'challenge-failed'
  | 'logout'
  | 'session-revoked'
  | 'all-sessions-revoked'
  | 'refresh-token-reused'
  | 'password-changed'
  | 'password-reset'
  | 'mfa-enabled'
  | 'mfa-disabled'
  | 'mfa-removed-by-administrator'
  | 'backup-codes-changed'
  | 'email-changed'
  | 'email-change-undone'
  | 'invitation-accepted'
  | 'role-changed'
  | 'status-changed';

export interface SecurityRecord {
  readonly event: SecurityEvent;
  readonly at: string;
  /** A pseudonym: the same for the same network until the keys rotate. */
  readonly network: string | null;
  readonly userAgent: string | null;
  readonly detail: string | null;
}

interface Circumstances {
  readonly origin?: Origin;
  /** Such as the new role; nothing that names anybody. */
  readonly detail?: string;
}

const KEPT_SECONDS = 90 * 24 * 3600;
const PREFIX = 'AUDIT#';

const rangeOf = (userId: string) => ({ partition: `USER#${userId}`, prefix: PREFIX });

const fromItem = (item: Item): SecurityRecord => ({
  event: item['event'] as SecurityEvent,
  at: item.CreatedAt,
  network: (item['network'] as string | undefined) ?? null,
  userAgent: (item['userAgent'] as string | undefined) ?? null,
  detail: (item['detail'] as string | undefined) ?? null,
});

/** Security events of each user, kept for 90 days, without addresses in clear. */
@Injectable()
export class AuditTrail {
  constructor(
    private readonly table: Table,
    private readonly keys: ApplicationKeys,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  async record(userId: string, event: SecurityEvent, circumstances: Circumstances = {}): Promise<void> {
    const { put, orElse } = await this.entry(userId, event, circumstances);
    await this.table.create(put, orElse);
  }

  /** The same as a write, for a transaction with what it tells of. */
  async entry(userId: string, event: SecurityEvent, { origin, detail }: Circumstances = {}) {
    const put = this.table.stamp({
      PK: `USER#${userId}`,
      SK: `${PREFIX}${this.ids.next()}`,
      EntityType: 'AUDIT',
      event,
      detail,
      network: origin && (await this.keys.pseudonym('audit', origin.address)),
      userAgent: origin?.userAgent?.slice(0, 200),
      ExpiresAt: this.clock.seconds() + KEPT_SECONDS,
    });
    return { put, orElse: () => new Error('An id was drawn twice') };
  }

  async page(userId: string, request: PageRequest): Promise<Page<SecurityRecord>> {
    const listing = { ranges: [rangeOf(userId)], order: 'ascending' as const };
    return (await this.table.page(listing, request)).map(fromItem);
  }

  erase(userId: string): Promise<number> {
    return this.table.discardAll(rangeOf(userId));
  }
}
