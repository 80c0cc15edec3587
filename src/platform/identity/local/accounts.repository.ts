import { Injectable } from '@nestjs/common';
import type { Item, Key } from '../../dynamodb/item.js';
import { Table, type Write } from '../../dynamodb/table.js';
import { AccountExists, InvalidCredentials } from '../identity-errors.js';
import { Usernames } from '../usernames.js';
import type { PasswordHash } from './password.js';

const lockKey = (email: string): Key => ({ PK: `UNIQ#EMAIL#${email}`, SK: 'LOCK' });
const credentialKey = (sub: string): Key => ({ PK: `USER#${sub}`, SK: 'CREDENTIAL' });

/** What the local provider knows of an account. */
export interface Account {
  readonly email: string;
  readonly name: string;
  /** Whether it may be used. */
  readonly confirmed: boolean;
  readonly emailVerified: boolean;
  readonly password: PasswordHash;
}

type NewCredential = Omit<Account, 'emailVerified'> & {
  readonly sub: string;
  readonly username?: string | undefined;
};

const fromItem = (item: Item): Account => ({
  email: item['email'] as string,
  name: item['name'] as string,
  confirmed: item['confirmed'] as boolean,
  emailVerified: item['emailVerified'] as boolean,
  password: { hash: item['hash'], cost: item['cost'] } as PasswordHash,
});

/** Addresses and password hashes of the local provider. */
@Injectable()
export class AccountsRepository {
  constructor(
    private readonly table: Table,
    private readonly usernames: Usernames,
  ) {}

  /**
   * All or nothing. What is refused first is what is named: the address comes last, so that nothing else that is
   * wrong with a registration tells whether its address is known.
   * @throws {AccountExists} @throws {UsernameTaken}
   */
  async create(
    { sub, email, username, name, confirmed, password }: NewCredential,
    alongside: readonly Write[],
  ): Promise<void> {
    const orElse = () => new AccountExists();
    const credential = { email, name, confirmed, emailVerified: false, ...password };
    await this.table.transact([
      ...alongside,
      ...this.usernames.moving(sub, undefined, username),
      {
        put: this.table.stamp({ ...credentialKey(sub), EntityType: 'CREDENTIAL', ...credential }),
        orElse,
      },
      { put: this.table.stamp({ ...lockKey(email), EntityType: 'LOCK', sub }), orElse },
    ]);
  }

  async findSub(identifier: string): Promise<string | undefined> {
    if (!identifier.includes('@')) return this.usernames.holderOf(identifier);
    const key = lockKey(identifier.toLowerCase());
    // Who has just registered is not on every replica yet.
    const lock = (await this.table.get(key)) ?? (await this.table.get(key, { consistent: true }));
    return lock?.['sub'] as string | undefined;
  }

  async find(sub: string, { consistent = false } = {}): Promise<Account | undefined> {
    const item = await this.table.get(credentialKey(sub), { consistent });
    return item && fromItem(item);
  }

  async setPassword(sub: string, { hash, cost }: PasswordHash): Promise<void> {
    await this.table.update(credentialKey(sub), { hash, cost }, () => new InvalidCredentials());
  }

  /** A code from a mail was right: whoever has it reads the mail of this address. */
  proof(sub: string, password?: PasswordHash): Write {
    const change = { confirmed: true, emailVerified: true, ...password };
    return { update: credentialKey(sub), change, orElse: () => new InvalidCredentials() };
  }

  /** @returns how many rows went */
  async remove(sub: string): Promise<number> {
    const account = await this.find(sub, { consistent: true });
    if (!account) return 0;
    // The lock last but one: while there is a credential, another run can find the address again.
    const lock = await this.table.get(lockKey(account.email), { consistent: true });
    if (lock?.['sub'] === sub) await this.table.discard(lockKey(account.email), { sub });
    await this.table.discard(credentialKey(sub));
    return lock ? 2 : 1;
  }
}
