import { Injectable } from '@nestjs/common';
import { ApiError, failWith } from '../../http/errors/api-error.js';
import type { LeavingAccount } from '../../platform/account-data/account-data.js';
import { Clock } from '../../platform/clock.js';
import type { Item, Key, Page, PageRequest } from '../../platform/dynamodb/item.js';
import { Table, type Write } from '../../platform/dynamodb/table.js';
import { ERASURE_NOT_FOUND } from './privacy.errors.js';

/** An erasure that is under way; its row names who leaves until it is done. */
export interface ErasureJob {
  readonly receiptId: string;
  readonly account: LeavingAccount;
  /** Seconds since the epoch. */
  readonly closedAt: number;
}

export interface Receipt {
  readonly receiptId: string;
  readonly status: 'running' | 'done';
  readonly deletedCounts: Readonly<Record<string, number>>;
  readonly requestedAt: string;
  readonly finishedAt: string | null;
}

const OPEN = 'ERASURE#OPEN';
const RECEIPT_KEPT_SECONDS = 400 * 24 * 3600;

const erasureKey = (receiptId: string): Key => ({ PK: `ERASURE#${receiptId}`, SK: 'RECEIPT' });

export const requestedAtOf = ({ closedAt }: Pick<ErasureJob, 'closedAt'>) =>
  new Date(closedAt * 1000).toISOString();

const receiptFrom = (item: Item): Receipt => ({
  receiptId: item.PK.slice('ERASURE#'.length),
  status: item.Status === 'DONE' ? 'done' : 'running',
  deletedCounts: item['deletedCounts'] as Record<string, number>,
  requestedAt: requestedAtOf({ closedAt: item['closedAt'] as number }),
  finishedAt: (item['finishedAt'] as string | undefined) ?? null,
});

@Injectable()
export class ErasuresRepository {
  constructor(
    private readonly table: Table,
    private readonly clock: Clock,
  ) {}

  /** The row of a new job, for the transaction that closes the account. */
  opening({ receiptId, account, closedAt }: ErasureJob): Write {
    const put = this.table.stamp({
      ...erasureKey(receiptId),
      EntityType: 'ERASURE',
      Status: 'RUNNING',
      GSI2PK: OPEN,
      GSI2SK: receiptId,
      account,
      closedAt,
      deletedCounts: {},
      ExpiresAt: closedAt + RECEIPT_KEPT_SECONDS,
    });
    return { put, orElse: () => new Error('An id was drawn twice') };
  }

  /** Jobs that are under way, oldest first. */
  async listOpen(page: PageRequest): Promise<Page<ErasureJob>> {
    const listing = { ranges: [{ index: 'GSI2' as const, partition: OPEN }], order: 'ascending' as const };
    return (await this.table.page(listing, page)).map((item) => ({
      receiptId: item.GSI2SK ?? '',
      account: item['account'] as LeavingAccount,
      closedAt: item['closedAt'] as number,
    }));
  }

  async receipt(receiptId: string): Promise<Receipt> {
    const item = await this.table.get(erasureKey(receiptId), { consistent: true });
    if (!item) throw new ApiError(ERASURE_NOT_FOUND);
    return receiptFrom(item);
  }

  /** Adds to what was removed, in a transaction: a sum that is told must not be added twice. */
  async count(receiptId: string, entity: string, removed: number): Promise<void> {
    if (removed === 0) return;
    const counted = { [`deletedCounts.${entity}`]: removed };
    const orElse = failWith(ERASURE_NOT_FOUND);
    await this.table.transact([
      { update: erasureKey(receiptId), change: {}, add: counted, silent: true, orElse },
    ]);
  }

  /** Keeps the counts, and forgets whose they are. */
  async finish(receiptId: string): Promise<void> {
    const finishedAt = this.clock.now().toISOString();
    const change = { Status: 'DONE', finishedAt, account: null, GSI2PK: null, GSI2SK: null };
    await this.table.update(erasureKey(receiptId), change, failWith(ERASURE_NOT_FOUND));
  }
}
