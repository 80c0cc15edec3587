import { Injectable } from '@nestjs/common';
import type { Item, Key } from '../../dynamodb/item.js';
import { Table } from '../../dynamodb/table.js';
import { CodeInvalid, SecondFactorStanding } from '../identity-errors.js';

export interface StoredFactor {
  /** In base32. */
  readonly secret: string;
  readonly enabled: boolean;
  /** The last time step a code was taken of: no code counts twice (RFC 6238, 5.2). */
  readonly lastStep: number;
  /** SHA-256 of the backup codes that are left. */
  readonly backupHashes: readonly string[];
}

const factorKey = (sub: string): Key => ({ PK: `USER#${sub}`, SK: 'MFA' });

/** Authenticator secrets of the local provider. */
@Injectable()
export class SecondFactorRepository {
  constructor(private readonly table: Table) {}

  async find(
    sub: string,
    { consistent = false } = {},
  ): Promise<(StoredFactor & { readonly item: Item }) | undefined> {
    const item = await this.table.get(factorKey(sub), { consistent });
    return item && { ...(item as unknown as StoredFactor), item };
  }

  /** A secret that counts once a code of it was shown. @throws {SecondFactorStanding} when one counts already */
  async propose(sub: string, secret: string): Promise<void> {
    const orElse = () => new SecondFactorStanding();
    const fresh: StoredFactor = { secret, enabled: false, lastStep: 0, backupHashes: [] };
    const standing = await this.find(sub, { consistent: true });
    if (standing)
      await this.table.update(factorKey(sub), { ...fresh }, orElse, { where: { enabled: false } });
    else
      await this.table.create(this.table.stamp({ ...factorKey(sub), EntityType: 'MFA', ...fresh }), orElse);
  }

  /** @throws {StaleVersion} when another code was taken meanwhile */
  async save(item: Item, change: Partial<StoredFactor>): Promise<void> {
    await this.table.replace(this.table.restamp(item, change), () => new CodeInvalid());
  }

  async remove(sub: string): Promise<number> {
    if (!(await this.find(sub, { consistent: true }))) return 0;
    await this.table.discard(factorKey(sub));
    return 1;
  }
}
