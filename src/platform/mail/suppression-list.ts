import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonicalEmail } from '../../config/email-address.js';
import { neverRefused } from '../dynamodb/faults.js';
import type { Key } from '../dynamodb/item.js';
import { Table } from '../dynamodb/table.js';

export type SuppressionReason = 'bounce' | 'complaint';

/** A hash without a key, since the list must outlive every key; it says no more than SES's own list does. */
const suppressionKey = (address: string): Key => ({
  PK: `SUPPRESSED#${createHash('sha256').update(canonicalEmail(address)).digest('hex')}`,
  SK: 'MAIL',
});

/** Addresses that no mail is sent to: they do not exist, or their readers called our mail unwanted. */
@Injectable()
export class SuppressionList {
  constructor(private readonly table: Table) {}

  async has(address: string): Promise<boolean> {
    return (await this.table.get(suppressionKey(address))) !== undefined;
  }

  /** Safe to be told twice: SNS delivers at least once. */
  async add(address: string, reason: SuppressionReason): Promise<void> {
    const change = { EntityType: 'SUPPRESSION', reason };
    await this.table.update(suppressionKey(address), change, neverRefused, {
      upsert: true,
    });
  }

  async remove(address: string): Promise<number> {
    if (!(await this.has(address))) return 0;
    await this.table.discard(suppressionKey(address));
    return 1;
  }
}
