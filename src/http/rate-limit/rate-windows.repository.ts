import { Injectable } from '@nestjs/common';
import { Table } from '../../platform/dynamodb/table.js';
import { DailySalts } from '../../platform/daily-salts.js';
import { failWith } from '../errors/api-error.js';
import { RATE_LIMITED } from '../errors/common.errors.js';

/** Counts calls in the table, so that all Lambdas share the count; who called is kept as an HMAC whose salt ends with the day. */
@Injectable()
export class RateWindows {
  constructor(
    private readonly table: Table,
    private readonly salts: DailySalts,
  ) {}

  /** @param window its first second since the epoch */
  async count(who: string, bucket: string, window: number): Promise<number> {
    // Of each window another one: nothing tells which windows are of one caller.
    const pseudonym = await this.salts.pseudonym(`rate window ${window}`, who);
    const key = { PK: `RATE#${pseudonym}#${bucket}`, SK: String(window) };
    const counted = await this.table.update(
      key,
      { EntityType: 'RATE', ExpiresAt: window + 3600 },
      failWith(RATE_LIMITED),
      { add: { calls: 1 }, upsert: true, silent: true, createdAt: new Date(window * 1000).toISOString() },
    );
    return counted['calls'] as number;
  }
}
