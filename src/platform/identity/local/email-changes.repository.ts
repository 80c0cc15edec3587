import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { Table, type Write } from '../../dynamodb/table.js';
import { AccountExists, CodeInvalid, TooManyFailures } from '../identity-errors.js';
import { type EmailChange, EMAIL_UNDO_SECONDS } from '../identity-provider.js';
import { AccountsRepository, credentialKey, formerEmailsOf, lockKey } from './accounts.repository.js';

/** Changes of address within seven days. */
const CHANGES = 5;

/** Moves an account from one address to another. The old one stays reserved for it as long as the change can be undone. */
@Injectable()
export class EmailChangesRepository {
  constructor(
    private readonly table: Table,
    private readonly accounts: AccountsRepository,
    private readonly clock: Clock,
  ) {}

  /** Whether an address belongs to somebody else, who confirmed it or had it until lately. */
  async isTaken(email: string, sub: string): Promise<boolean> {
    const lock = await this.table.get(lockKey(email), { consistent: true });
    if (!lock || (lock['sub'] === sub && lock['former'] === true)) return false;
    return (await this.accounts.findUnconfirmed(email)) === undefined;
  }

  /**
   * The writes of a change. An unconfirmed registration loses the address. An old address that nobody has shown to be
   * theirs is free at once.
   * @throws {AccountExists} also in their transaction @throws {CodeInvalid} when the address was changed meanwhile
   */
  async change(sub: string, { oldEmail, newEmail }: EmailChange): Promise<readonly Write[]> {
    const credential = await this.table.get(credentialKey(sub), { consistent: true });
    if (credential?.['email'] !== oldEmail || oldEmail === newEmail) throw new CodeInvalid();
    const changed = () => new CodeInvalid();
    const verified = credential['emailVerified'] === true;
    const former = formerEmailsOf(credential).filter((email) => email !== newEmail);
    if (former.length >= CHANGES) throw new TooManyFailures(EMAIL_UNDO_SECONDS);
    const ExpiresAt = this.clock.seconds() + EMAIL_UNDO_SECONDS;
    const formerEmails = verified ? [oldEmail, ...former] : former;
    return [
      ...(await this.claim(sub, newEmail)),
      verified
        ? { update: lockKey(oldEmail), change: { former: true, ExpiresAt }, where: { sub }, orElse: changed }
        : { remove: lockKey(oldEmail), where: { sub }, orElse: changed },
      {
        update: credentialKey(sub),
        change: { email: newEmail, emailVerified: true, formerEmails },
        where: { email: oldEmail },
        orElse: changed,
      },
    ];
  }

  /**
   * The writes that give an account an old address back, whatever it was changed to since. Addresses that it had after
   * that one are free again, and their own links are void.
   * @throws {CodeInvalid} also in their transaction, when that is too late
   */
  async undo(sub: string, { oldEmail, newEmail }: EmailChange): Promise<readonly Write[]> {
    const credential = await this.table.get(credentialKey(sub), { consistent: true });
    const former = credential ? formerEmailsOf(credential) : [];
    const position = former.indexOf(oldEmail);
    if (position < 0) throw new CodeInvalid();
    const orElse = () => new CodeInvalid();
    const later = await this.accounts.heldOf(sub, former.slice(0, position));
    return [
      {
        update: lockKey(oldEmail),
        change: { former: null, ExpiresAt: null },
        where: { sub, former: true },
        orElse,
      },
      ...[newEmail, ...later].map((email) => ({ remove: lockKey(email), where: { sub }, orElse })),
      {
        update: credentialKey(sub),
        change: { email: oldEmail, formerEmails: former.slice(position + 1) },
        where: { email: newEmail },
        orElse,
      },
    ];
  }

  private async claim(sub: string, newEmail: string): Promise<readonly Write[]> {
    const orElse = () => new AccountExists();
    const lock = await this.table.get(lockKey(newEmail), { consistent: true });
    if (!lock) return [{ put: this.table.stamp({ ...lockKey(newEmail), EntityType: 'LOCK', sub }), orElse }];
    const change = { sub, ExpiresAt: null, former: null };
    if (lock['sub'] === sub && lock['former'] === true)
      return [{ update: lockKey(newEmail), change, where: { sub, former: true }, orElse }];
    const unconfirmed = await this.accounts.findUnconfirmed(newEmail);
    if (unconfirmed === undefined) throw new AccountExists();
    return [
      { update: lockKey(newEmail), change, where: { sub: unconfirmed }, orElse },
      { remove: credentialKey(unconfirmed), where: { confirmed: false }, orElse },
    ];
  }
}
