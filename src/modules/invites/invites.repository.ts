import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import { Clock } from '../../platform/clock.js';
import { StaleVersion } from '../../platform/dynamodb/faults.js';
import { type Item, Page, type PageRequest } from '../../platform/dynamodb/item.js';
import { Table, type Write } from '../../platform/dynamodb/table.js';
import {
  addressIndex,
  addressKey,
  codeHashOf,
  codeKey,
  inviteFrom,
  inviteKey,
  INVITES,
  unconfirmedUsersOf,
} from './invite.item.js';
import type { Invite, InviteStatus } from './invite.js';
import { INVITE_EXISTS, INVITE_NOT_PENDING } from './invites.errors.js';

/** Kept so long after it has expired, for whoever asks what became of it. */
const KEPT_SECONDS = 90 * 24 * 3600;
const READ_AT_ONCE = 100;
/** Kept of those who have used an invitation for many and not confirmed their address. */
const UNCONFIRMED_USERS = 100;

type NewInvite = Pick<Invite, 'id' | 'email' | 'role' | 'theme' | 'maxUses'> & {
  readonly validUntil: number;
};

export interface FoundInvite {
  readonly invite: Invite;
  readonly item: Item;
}

@Injectable()
export class InvitesRepository {
  constructor(
    private readonly table: Table,
    private readonly clock: Clock,
  ) {}

  /** @throws {ApiError} INVITE_EXISTS while another for the same address is pending */
  async create({ id, email, validUntil, theme, ...fields }: NewInvite, code: string): Promise<Invite> {
    const codeHash = codeHashOf(code);
    const ExpiresAt = validUntil + KEPT_SECONDS;
    const stamped = this.table.stamp({
      ...inviteKey(id),
      ...(email !== null && addressIndex(email, id)),
      EntityType: 'INVITE',
      Status: 'PENDING',
      ...fields,
      email: email ?? undefined,
      theme: theme ?? undefined,
      uses: 0,
      validUntil,
      codeHash,
      ExpiresAt,
    });
    const invite = { ...stamped, GSI1PK: INVITES, GSI1SK: `${stamped.CreatedAt}#${id}` };
    const orElse = () => new ApiError(INVITE_EXISTS);
    await this.table.transact([
      { put: invite, orElse },
      this.codeWrite(codeHash, id, ExpiresAt),
      ...(email === null ? [] : [await this.addressWrite(email, id, ExpiresAt)]),
    ]);
    return inviteFrom(invite, this.clock.seconds());
  }

  async find(id: string, { consistent = true } = {}): Promise<FoundInvite | undefined> {
    const item = await this.table.get(inviteKey(id), { consistent });
    return item && { invite: inviteFrom(item, this.clock.seconds()), item };
  }

  async findByCode(code: string): Promise<FoundInvite | undefined> {
    const lock = await this.table.get(codeKey(codeHashOf(code)), { consistent: true });
    return lock && this.find(lock['inviteId'] as string);
  }

  /** Newest first. What has expired is stored as pending: those two are told apart after reading. */
  async list(status: InviteStatus | undefined, { limit, after }: PageRequest): Promise<Page<Invite>> {
    const stored = { pending: 'PENDING', expired: 'PENDING', accepted: 'ACCEPTED', revoked: 'REVOKED' };
    const listing = {
      ranges: [{ index: 'GSI1' as const, partition: INVITES }],
      order: 'descending' as const,
      where: status && { Status: stored[status] },
    };
    const isWanted = (invite: Invite) => status === undefined || invite.status === status;
    const found: { invite: Invite; position: string }[] = [];
    let next: string | null | undefined = after;
    do {
      const page: Page<Item> = await this.table.page(listing, { limit: READ_AT_ONCE, after: next });
      for (const item of page.items) {
        const invite = inviteFrom(item, this.clock.seconds());
        if (isWanted(invite)) found.push({ invite, position: item.GSI1SK ?? '' });
      }
      ({ next } = page);
    } while (next !== null && found.length <= limit);
    const shown = found.slice(0, limit);
    const more = found.length > limit ? (shown.at(-1)?.position ?? null) : next;
    return new Page(
      shown.map(({ invite }) => invite),
      more,
    );
  }

  /**
   * One use, in the transaction that makes the account: the number of uses is its condition.
   * @param user the address that uses it, as a keyed hash, unless it is confirmed already
   */
  use({ invite: { id, uses, maxUses }, item }: FoundInvite, user: string | undefined): Write {
    const Status = uses + 1 >= maxUses ? 'ACCEPTED' : 'PENDING';
    const before = unconfirmedUsersOf(item);
    const unconfirmedUsers = user === undefined ? before : [user, ...before].slice(0, UNCONFIRMED_USERS);
    return {
      update: inviteKey(id),
      change: { uses: uses + 1, Status, unconfirmedUsers },
      where: { uses, Status: 'PENDING' },
      orElse: () => new StaleVersion(),
    };
  }

  /** An address that used it is confirmed: the use is final. */
  async forgetUnconfirmed(id: string, users: readonly string[]): Promise<void> {
    const found = await this.find(id);
    const before = found ? unconfirmedUsersOf(found.item) : [];
    const unconfirmedUsers = before.filter((user) => !users.includes(user));
    if (!found || unconfirmedUsers.length === before.length) return;
    await this.table.replace(this.table.restamp(found.item, { unconfirmedUsers }), () => new StaleVersion());
  }

  async revoke(item: Item): Promise<Invite> {
    return this.replace(item, { Status: 'REVOKED' }, [this.endOfCode(item)]);
  }

  /** Another code in place of the one before. */
  async recode(item: Item, code: string): Promise<Invite> {
    const codeHash = codeHashOf(code);
    const id = item.PK.slice('INVITE#'.length);
    return this.replace(item, { codeHash }, [
      this.endOfCode(item),
      this.codeWrite(codeHash, id, item.ExpiresAt),
    ]);
  }

  /** Takes an address out of the invitations it was in. @returns of how many */
  async forgetAddress(email: string): Promise<number> {
    const { GSI2PK: partition } = addressIndex(email, '');
    const ranges = [{ index: 'GSI2' as const, partition }];
    const listing = { ranges, order: 'ascending' as const, withExpired: true };
    let forgotten = 0;
    let after: string | undefined;
    do {
      const { items, next } = await this.table.page(listing, { limit: READ_AT_ONCE, after });
      for (const item of items) await this.withoutAddress(item);
      forgotten += items.length;
      after = next ?? undefined;
    } while (after !== undefined);
    await this.table.discard(addressKey(email));
    return forgotten;
  }

  private async withoutAddress(item: Item): Promise<void> {
    // Without its address, a pending invitation would admit anybody who has the code.
    const pending = item.Status === 'PENDING' && { Status: 'REVOKED' };
    const change = { email: null, GSI2PK: null, GSI2SK: null, ...pending };
    await this.table.update(item, change, () => new ApiError(INVITE_NOT_PENDING), { silent: true });
    if (pending) await this.table.discard(codeKey(item['codeHash'] as string));
  }

  private async replace(
    item: Item,
    change: Record<string, unknown>,
    alongside: readonly Write[],
  ): Promise<Invite> {
    const next = this.table.restamp(item, change);
    const orElse = () => new ApiError(INVITE_NOT_PENDING);
    await this.table.transact([{ replace: next, orElse }, ...alongside]);
    return inviteFrom(next, this.clock.seconds());
  }

  private codeWrite(codeHash: string, inviteId: string, ExpiresAt: number | undefined): Write {
    const put = this.table.stamp({ ...codeKey(codeHash), EntityType: 'INVITE_CODE', inviteId, ExpiresAt });
    return { put, orElse: () => new Error('A code was drawn twice') };
  }

  private endOfCode(item: Item): Write {
    return { remove: codeKey(item['codeHash'] as string), orElse: () => new StaleVersion() };
  }

  private async addressWrite(email: string, inviteId: string, ExpiresAt: number): Promise<Write> {
    const orElse = () => new ApiError(INVITE_EXISTS);
    const lock = await this.table.get(addressKey(email), { consistent: true });
    if (!lock) {
      const put = this.table.stamp({
        ...addressKey(email),
        EntityType: 'INVITE_ADDRESS',
        inviteId,
        ExpiresAt,
      });
      return { put, orElse };
    }
    const standing = await this.find(lock['inviteId'] as string);
    if (standing?.invite.status === 'pending') throw new ApiError(INVITE_EXISTS);
    return { replace: this.table.restamp(lock, { inviteId, ExpiresAt }), orElse };
  }
}
