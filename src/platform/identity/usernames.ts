import { Injectable } from '@nestjs/common';
import type { Key } from '../dynamodb/item.js';
import { Table, type Write } from '../dynamodb/table.js';
import { UsernameTaken } from './identity-errors.js';

const lockKey = (username: string): Key => ({ PK: `UNIQ#USERNAME#${username.toLowerCase()}`, SK: 'LOCK' });

/** Unique usernames, compared without case: whoever has one holds its row. */
@Injectable()
export class Usernames {
  constructor(private readonly table: Table) {}

  /** The writes that move somebody's name; they stand or fall with the profile that shows it. */
  moving(sub: string, from: string | undefined, to: string | undefined): readonly Write[] {
    if (from?.toLowerCase() === to?.toLowerCase()) return [];
    const orElse = () => new UsernameTaken();
    const writes: Write[] = [];
    if (to !== undefined)
      writes.push({ put: this.table.stamp({ ...lockKey(to), EntityType: 'LOCK', sub }), orElse });
    if (from !== undefined) writes.push({ remove: lockKey(from), where: { sub }, orElse });
    return writes;
  }

  async holderOf(username: string): Promise<string | undefined> {
    return (await this.table.get(lockKey(username), { consistent: true }))?.['sub'] as string | undefined;
  }

  /** Frees a name; one that is somebody else's stays. */
  async free(sub: string, username: string): Promise<number> {
    if ((await this.holderOf(username)) !== sub) return 0;
    await this.table.discard(lockKey(username), { sub });
    return 1;
  }
}
