import { Injectable } from '@nestjs/common';
import { Table, type Write } from '../../../platform/dynamodb/table.js';
import { requestContext } from '../../../platform/request-context.js';

/** Longer than an Idempotency-Key is kept. */
const KEPT_SECONDS = 2 * 24 * 3600;

const allOf = (userId: string) => ({ partition: `USER#${userId}`, prefix: 'BATCH#' });
const batchKey = (userId: string, seed: string) => ({ PK: `USER#${userId}`, SK: `BATCH#${seed}` });

/**
 * Which batches were done under an Idempotency-Key. The quests alone cannot tell a second run: what is to be deleted is
 * gone, and what is to be changed may have been changed by others since.
 */
@Injectable()
export class BatchesRepository {
  constructor(private readonly table: Table) {}

  /** Stands or falls with the batch; nothing without a key. @param ids of the quests of its operations, in their order */
  done(userId: string, ids: readonly string[]): readonly Write[] {
    const reservation = requestContext.current()?.reservation;
    if (!reservation) return [];
    const ExpiresAt = Math.ceil(reservation.startedAt / 1000) + KEPT_SECONDS;
    const item = { ...batchKey(userId, reservation.seed), EntityType: 'BATCH', ids, ExpiresAt };
    return [{ put: this.table.stamp(item), orElse: () => new Error('A batch was done twice') }];
  }

  /** @returns the ids of the quests of its operations, if a run before this one has done it */
  async findDone(userId: string): Promise<readonly string[] | undefined> {
    const reservation = requestContext.current()?.reservation;
    if (!reservation?.resumed) return undefined;
    const item = await this.table.get(batchKey(userId, reservation.seed), { consistent: true });
    return item?.['ids'] as readonly string[] | undefined;
  }

  discardAll(userId: string): Promise<number> {
    return this.table.discardAll(allOf(userId));
  }
}
