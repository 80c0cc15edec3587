import { Injectable } from '@nestjs/common';
import type { Item, Key } from '../../dynamodb/item.js';
import { Table, type Write } from '../../dynamodb/table.js';
import { StaleVersion } from '../../dynamodb/faults.js';
import { AccountExists, CodeInvalid, InvalidCredentials } from '../identity-errors.js';
import { Usernames } from '../usernames.js';
import type { PasswordHash } from './password.js';

export const lockKey = (email: string): Key => ({ PK: `UNIQ#EMAIL#${email}`, SK: 'LOCK' });
export const credentialKey = (sub: string): Key => ({ PK: `USER#${sub}`, SK: 'CREDENTIAL' });

/** The unconfirmed registration of an address was confirmed, or replaced by another. */
export class AddressMoved extends StaleVersion {}

/** What the local provider knows of an account. */
export interface Account {
  readonly email: string;
  readonly name: string;
  /** Whether it may be used. */
  readonly confirmed: boolean;
  readonly emailVerified: boolean;
  readonly password: PasswordHash;
  /** Rises with each change of the password. What was made under another one, such as a code for a reset, is void. */
  readonly passwordVersion: number;
}

type NewCredential = Omit<Account, 'emailVerified' | 'passwordVersion'> & {
  readonly sub: string;
  readonly username?: string | undefined;
  /** When it goes unless its address is confirmed, in seconds since the epoch. */
  readonly ExpiresAt?: number | undefined;
  /** The unconfirmed account whose address it takes over. */
  readonly replaced?: string | undefined;
};

/** Addresses that the account had before, newest first, each reserved for it until the change cannot be undone any more. */
export const formerEmailsOf = (credential: Item): readonly string[] =>
  (credential['formerEmails'] as readonly string[] | undefined) ?? [];

/** The account's address and those that it had before. */
const allEmailsOf = (credential: Item): readonly string[] => [
  credential['email'] as string,
  ...formerEmailsOf(credential),
];

/** The first password has no number. */
const whereVersion = (passwordVersion: number) => ({
  passwordVersion: passwordVersion === 1 ? null : passwordVersion,
});

const fromItem = (item: Item): Account => ({
  email: item['email'] as string,
  name: item['name'] as string,
  confirmed: item['confirmed'] as boolean,
  emailVerified: item['emailVerified'] as boolean,
  password: { hash: item['hash'], cost: item['cost'] } as PasswordHash,
  passwordVersion: (item['passwordVersion'] as number | undefined) ?? 1,
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
   * @throws {AccountExists} @throws {UsernameTaken} @throws {AddressMoved} when `replaced` was confirmed or replaced meanwhile
   */
  async create(
    { sub, email, username, name, confirmed, password, ExpiresAt, replaced }: NewCredential,
    alongside: readonly Write[],
  ): Promise<void> {
    const orElse = () => new AccountExists();
    const credential = { email, name, confirmed, emailVerified: false, ...password, ExpiresAt };
    const usernameWrites = await this.usernames.claim(sub, username, ExpiresAt);
    await this.table.transact([
      ...alongside,
      ...usernameWrites,
      {
        put: this.table.stamp({ ...credentialKey(sub), EntityType: 'CREDENTIAL', ...credential }),
        orElse,
      },
      ...(replaced === undefined
        ? [{ put: this.table.stamp({ ...lockKey(email), EntityType: 'LOCK', sub, ExpiresAt }), orElse }]
        : this.replacement(replaced, email, sub, ExpiresAt)),
    ]);
  }

  /** The unconfirmed account that holds an address. */
  async findUnconfirmed(email: string): Promise<string | undefined> {
    const lock = await this.table.get(lockKey(email), { consistent: true });
    const sub = lock?.['sub'] as string | undefined;
    const account = sub === undefined ? undefined : await this.find(sub, { consistent: true });
    return account?.confirmed === false ? sub : undefined;
  }

  async findSub(identifier: string): Promise<string | undefined> {
    if (!identifier.includes('@')) return this.usernames.holderOf(identifier);
    const key = lockKey(identifier.toLowerCase());
    // Who has just registered is not on every replica yet.
    const lock = (await this.table.get(key)) ?? (await this.table.get(key, { consistent: true }));
    return lock?.['former'] === true ? undefined : (lock?.['sub'] as string | undefined);
  }

  async find(sub: string, { consistent = false } = {}): Promise<Account | undefined> {
    const item = await this.table.get(credentialKey(sub), { consistent });
    return item && fromItem(item);
  }

  /** The write that sets a password. @throws {InvalidCredentials} in its transaction when another change came first */
  passwordChange(sub: string, { hash, cost }: PasswordHash, { passwordVersion }: Account): Write {
    const change = { hash, cost, passwordVersion: passwordVersion + 1 };
    const where = whereVersion(passwordVersion);
    return { update: credentialKey(sub), change, where, orElse: () => new InvalidCredentials() };
  }

  /** The same by a code or a link from a mail: whoever has that reads the mail of this address. */
  passwordReset(sub: string, { hash, cost }: PasswordHash, { passwordVersion }: Account): Write {
    const change = { hash, cost, passwordVersion: passwordVersion + 1, emailVerified: true };
    const where = { ...whereVersion(passwordVersion), confirmed: true };
    return { update: credentialKey(sub), change, where, orElse: () => new CodeInvalid() };
  }

  /** Insists, in a transaction, that a password is still the one that was checked. @throws {InvalidCredentials} */
  samePassword(sub: string, passwordVersion: number): Write {
    const where = whereVersion(passwordVersion);
    return { check: credentialKey(sub), where, orElse: () => new InvalidCredentials() };
  }

  /** The writes that keep an account whose address was confirmed. */
  confirmation(sub: string, email: string): readonly Write[] {
    const change = { confirmed: true, emailVerified: true, ExpiresAt: null };
    const orElse = () => new CodeInvalid();
    return [
      { update: credentialKey(sub), change, orElse },
      { update: lockKey(email), change: { ExpiresAt: null }, where: { sub }, orElse },
    ];
  }

  /** The addresses that an account had before, whose change can still be undone; and its own. */
  async addressesOf(sub: string): Promise<readonly string[]> {
    const credential = await this.table.get(credentialKey(sub), { consistent: true });
    return credential ? this.heldOf(sub, allEmailsOf(credential)) : [];
  }

  /** Those of some addresses that are an account's, or reserved for it. */
  async heldOf(sub: string, emails: readonly string[]): Promise<readonly string[]> {
    const locks = await this.table.getMany(emails.map(lockKey), { consistent: true });
    return emails.filter((email) =>
      locks.some((lock) => lock.PK === lockKey(email).PK && lock['sub'] === sub),
    );
  }

  /** @returns how many rows went */
  async remove(sub: string): Promise<number> {
    const credential = await this.table.get(credentialKey(sub), { consistent: true });
    if (!credential) return 0;
    const addresses = await this.heldOf(sub, allEmailsOf(credential));
    // The credential last: while there is one, another run can find the addresses again.
    for (const email of addresses) await this.table.discard(lockKey(email), { sub });
    await this.table.discard(credentialKey(sub));
    return addresses.length + 1;
  }

  private replacement(
    replaced: string,
    email: string,
    sub: string,
    ExpiresAt: number | undefined,
  ): readonly Write[] {
    const orElse = () => new AddressMoved();
    return [
      {
        update: lockKey(email),
        change: { sub, ExpiresAt: ExpiresAt ?? null },
        where: { sub: replaced },
        orElse,
      },
      { remove: credentialKey(replaced), where: { confirmed: false }, orElse },
    ];
  }
}
