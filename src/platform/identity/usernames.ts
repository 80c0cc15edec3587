import { Injectable } from '@nestjs/common';
import type { Key } from '../dynamodb/item.js';
import { Table, type Write } from '../dynamodb/table.js';
import { UsernameTaken } from './identity-errors.js';

const lockKey = (username: string): Key => ({ PK: `UNIQ#USERNAME#${username.toLowerCase()}`, SK: 'LOCK' });

const taken = () => new UsernameTaken();

/**
 * Unique usernames, compared without case: whoever has one holds its row. An unconfirmed registration holds a name only
 * until somebody else wants it, or until the registration expires, so that nobody can reserve names.
 */
@Injectable()
export class Usernames {
  constructor(private readonly table: Table) {}

  /** The writes that change somebody's name, for the transaction that changes the profile. @throws {UsernameTaken} */
  async rename(sub: string, from: string | undefined, to: string | undefined): Promise<readonly Write[]> {
    if (from?.toLowerCase() === to?.toLowerCase()) return [];
    const release = from === undefined ? [] : [{ remove: lockKey(from), where: { sub }, orElse: taken }];
    return [...(await this.claim(sub, to)), ...release];
  }

  /**
   * The writes that give an account its name, if it has one.
   * @param ExpiresAt of an unconfirmed registration, in seconds since the epoch
   * @throws {UsernameTaken}
   */
  async claim(sub: string, username: string | undefined, ExpiresAt?: number): Promise<readonly Write[]> {
    if (username === undefined) return [];
    const key = lockKey(username);
    const held = await this.table.get(key, { consistent: true });
    if (!held) {
      const put = this.table.stamp({ ...key, EntityType: 'LOCK', sub, ExpiresAt });
      return [{ put, orElse: taken }];
    }
    if (held.ExpiresAt === undefined) throw new UsernameTaken();
    const where = { sub: held['sub'] as string, ExpiresAt: held.ExpiresAt };
    return [{ update: key, change: { sub, ExpiresAt: ExpiresAt ?? null }, where, orElse: taken }];
  }

  /** The write that keeps a registration's name for good. @throws {UsernameTaken} in its transaction when it is somebody else's by now */
  keep(sub: string, username: string): Write {
    return { update: lockKey(username), change: { ExpiresAt: null }, where: { sub }, orElse: taken };
  }

  async holderOf(username: string): Promise<string | undefined> {
    return (await this.table.get(lockKey(username), { consistent: true }))?.['sub'] as string | undefined;
  }

  /** Whether somebody has a name whose registration is confirmed. */
  async isTaken(username: string): Promise<boolean> {
    const held = await this.table.get(lockKey(username), { consistent: true });
    return held !== undefined && held.ExpiresAt === undefined;
  }

  /** Frees a name; one that is somebody else's stays. */
  async free(sub: string, username: string): Promise<number> {
    if ((await this.holderOf(username)) !== sub) return 0;
    await this.table.discard(lockKey(username), { sub });
    return 1;
  }
}
