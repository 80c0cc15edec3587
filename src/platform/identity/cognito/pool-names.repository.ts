import { Injectable } from '@nestjs/common';
import { neverRefused } from '../../dynamodb/faults.js';
import type { Key } from '../../dynamodb/item.js';
import { Table } from '../../dynamodb/table.js';

const nameKey = (sub: string): Key => ({ PK: `USER#${sub}`, SK: 'POOLNAME' });

/** The usernames of pool users who sign in with another provider (`Google_123`): AWS does not find them by `sub`. */
@Injectable()
export class PoolNamesRepository {
  constructor(private readonly table: Table) {}

  async find(sub: string): Promise<string | undefined> {
    return (await this.table.get(nameKey(sub), { consistent: true }))?.['username'] as string | undefined;
  }

  async save(sub: string, username: string): Promise<void> {
    const change = { EntityType: 'POOLNAME', username };
    await this.table.update(nameKey(sub), change, neverRefused, { upsert: true, silent: true });
  }

  async remove(sub: string): Promise<void> {
    await this.table.discard(nameKey(sub));
  }
}
