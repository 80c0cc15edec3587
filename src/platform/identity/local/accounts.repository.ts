import { Injectable } from '@nestjs/common';
import type { Item, Key } from '../../dynamodb/item.js';
import { Table, type Write } from '../../dynamodb/table.js';
import { AccountExists, CodeInvalid, InvalidCredentials, UsernameTaken } from '../identity-provider.js';
import type { PasswordHash } from './password.js';

const RESET_LIFE_SECONDS = 3600;
const MAILS_PER_RESET = 5;
const GUESSES_PER_CODE = 5;

const lockKey = (kind: 'EMAIL' | 'USERNAME', value: string): Key => ({
  PK: `UNIQ#${kind}#${value}`,
  SK: 'LOCK',
});
const credentialKey = (sub: string): Key => ({ PK: `USER#${sub}`, SK: 'CREDENTIAL' });
const resetKey = (sub: string): Key => ({ PK: `USER#${sub}`, SK: 'CODE#RESET' });

/** Unique names and addresses, password hashes and reset codes of the local provider. */
@Injectable()
export class AccountsRepository {
  constructor(private readonly table: Table) {}

  /** @throws {AccountExists} @throws {UsernameTaken} */
  async create(
    { sub, email, username }: { sub: string; email: string; username?: string | undefined },
    password: PasswordHash,
    alongside: readonly Write[],
  ): Promise<void> {
    await this.table.transact([
      this.lock(lockKey('EMAIL', email), sub, () => new AccountExists()),
      ...this.renaming(sub, undefined, username),
      {
        put: this.table.stamp({ ...credentialKey(sub), EntityType: 'CREDENTIAL', ...password }),
        orElse: () => new AccountExists(),
      },
      ...alongside,
    ]);
  }

  /** Usernames are compared without case. */
  renaming(sub: string, from: string | undefined, to: string | undefined): readonly Write[] {
    const [previous, next] = [from?.toLowerCase(), to?.toLowerCase()];
    if (previous === next) return [];
    return [
      ...(next === undefined ? [] : [this.lock(lockKey('USERNAME', next), sub, () => new UsernameTaken())]),
      ...(previous === undefined
        ? []
        : [{ remove: lockKey('USERNAME', previous), where: { sub }, orElse: () => new UsernameTaken() }]),
    ];
  }

  async findSub(identifier: string): Promise<string | undefined> {
    const kind = identifier.includes('@') ? 'EMAIL' : 'USERNAME';
    const lock = await this.table.get(lockKey(kind, identifier.toLowerCase()));
    return lock?.['sub'] as string | undefined;
  }

  async findPassword(sub: string): Promise<PasswordHash | undefined> {
    return (await this.table.get(credentialKey(sub))) as unknown as PasswordHash | undefined;
  }

  /** Keeps a code for an hour. Says no once enough mails went out for it, or while another is being kept. */
  async saveResetCode(sub: string, codeMac: string, now: number): Promise<boolean> {
    const standing = await this.table.get(resetKey(sub));
    const mails = (standing?.['mails'] as number | undefined) ?? 0;
    if (mails >= MAILS_PER_RESET) return false;
    const code = { codeMac, guesses: 0, mails: mails + 1, ExpiresAt: now + RESET_LIFE_SECONDS };
    const overtaken = () => new CodeInvalid();
    try {
      await (standing
        ? this.table.update(resetKey(sub), code, overtaken, { where: { mails } })
        : this.table.create(this.table.stamp({ ...resetKey(sub), EntityType: 'CODE', ...code }), overtaken));
      return true;
    } catch (error) {
      if (error instanceof CodeInvalid) return false;
      throw error;
    }
  }

  /**
   * Counts a guess before it is judged, so that parallel guesses cannot exceed the allowance.
   * @throws {CodeInvalid} when there is no code, or no guess left.
   */
  async takeGuess(sub: string): Promise<{ codeMac: string }> {
    const standing = await this.table.get(resetKey(sub), { consistent: true });
    const guesses = (standing?.['guesses'] as number | undefined) ?? GUESSES_PER_CODE;
    if (guesses >= GUESSES_PER_CODE) throw new CodeInvalid();
    const change = { guesses: guesses + 1 };
    const taken = await this.table.update(resetKey(sub), change, () => new CodeInvalid(), {
      where: { guesses },
    });
    return taken as Item & { codeMac: string };
  }

  async resetPassword(
    sub: string,
    codeMac: string,
    password: PasswordHash,
    alongside: readonly Write[],
  ): Promise<void> {
    await this.table.transact([
      { remove: resetKey(sub), where: { codeMac }, orElse: () => new CodeInvalid() },
      { update: credentialKey(sub), change: { ...password }, orElse: () => new InvalidCredentials() },
      ...alongside,
    ]);
  }

  private lock(key: Key, sub: string, orElse: Write['orElse']): Write {
    return { put: this.table.stamp({ ...key, EntityType: 'LOCK', sub }), orElse };
  }
}
