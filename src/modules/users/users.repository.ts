import { Injectable } from '@nestjs/common';
import type { Role } from '../../http/access/access.decorators.js';
import { ApiError, failWith } from '../../http/errors/api-error.js';
import { StaleVersion } from '../../platform/dynamodb/faults.js';
import type { Item, Page, PageRequest } from '../../platform/dynamodb/item.js';
import { Table, type Write } from '../../platform/dynamodb/table.js';
import type { RowsOfUser } from './user-beginnings.js';
import type { Newcomer, Preferences, User } from './user.js';
import {
  admissionFrom,
  admissionKey,
  OWNERS_KEY,
  preferencesFrom,
  preferencesIndex,
  preferencesKey,
  profileKey,
  roleIndex,
  userFrom,
} from './user.item.js';
import { LAST_OWNER, USER_NOT_FOUND } from './users.errors.js';

type NewUser = Newcomer & { readonly userId: string; readonly role: Role };

type ProfileChange = Partial<
  Record<'name' | 'firstName' | 'lastName' | 'username', string | null | undefined>
>;

/** Somebody became the first owner while this account was being made. */
export class OwnerExists extends Error {}

/** Somebody else has given this user their profile meanwhile. */
export class ProfileExists extends Error {}

/** How a change of address changes the profile. */
export interface EmailProfileChange {
  readonly email: string;
  readonly formerEmails: readonly string[];
  /** Voids the tokens issued before this second. */
  readonly tokensValidAfter?: number;
}

/** How administrators change a user. */
export interface AdministeredChange {
  readonly role: Role;
  readonly status: User['status'];
  /** Voids the tokens issued before this second. */
  readonly tokensValidAfter?: number;
  /** The account is being erased, and takes no other change. */
  readonly closing?: true;
}

const isActiveOwner = ({ role, status }: Pick<User, 'role' | 'status'>) =>
  role === 'owner' && status === 'active';

/** Why a profile is not as it was read. */
const staleOrGone = (existing: Item | undefined) =>
  existing ? new StaleVersion() : new ApiError(USER_NOT_FOUND);

@Injectable()
export class UsersRepository {
  constructor(private readonly table: Table) {}

  /**
   * The rows of a new user, to be written with their account.
   * @param firstOwner insists that there is no owner yet
   * @param beginnings what other modules begin with
   */
  creation(
    { userId, role, email, emailVerified = false, name, username, theme, inviteId }: NewUser,
    firstOwner: boolean,
    beginnings: RowsOfUser,
  ): readonly Write[] {
    const stamped = this.table.stamp({
      ...profileKey(userId),
      EntityType: 'USER',
      Status: 'ACTIVE',
      role,
      email,
      emailVerified,
      name,
      username,
      inviteId,
      tokensValidAfter: 0,
      revokedSessions: {},
    });
    const profile = { ...stamped, ...roleIndex(role, stamped.CreatedAt, userId) };
    const writes: Write[] = [{ put: profile, orElse: () => new ProfileExists() }, ...beginnings(userId)];
    if (role === 'owner') writes.push(this.countOwner(firstOwner));
    if (theme !== undefined) writes.push(this.preferencesWrite(userId, undefined, { theme }));
    return writes;
  }

  /** @param ExpiresAt undefined where the identity provider keeps unconfirmed accounts for good */
  admission(userId: string, newcomer: Newcomer, ExpiresAt: number | undefined): Write {
    const key = admissionKey(userId);
    const put = this.table.stamp({ ...key, EntityType: 'ADMISSION', ...newcomer, ExpiresAt });
    return { put, orElse: () => new ProfileExists() };
  }

  async findAdmission(userId: string): Promise<Newcomer | undefined> {
    const item = await this.table.get(admissionKey(userId), { consistent: true });
    return item && admissionFrom(item);
  }

  endOfAdmission(userId: string): Write {
    return { remove: admissionKey(userId), orElse: () => new ProfileExists() };
  }

  /** The write that lets in whoever registered; none where there is nobody to be let in. */
  async confirmAdmission(userId: string): Promise<readonly Write[]> {
    if (!(await this.table.get(admissionKey(userId), { consistent: true }))) return [];
    const change = { registrantConfirmed: true };
    return [{ update: admissionKey(userId), change, orElse: () => new StaleVersion() }];
  }

  async forgetAdmission(userId: string): Promise<void> {
    await this.table.discard(admissionKey(userId));
  }

  async write(writes: readonly Write[]): Promise<void> {
    await this.table.transact(writes);
  }

  async hasOwner(): Promise<boolean> {
    return (await this.table.get(OWNERS_KEY, { consistent: true })) !== undefined;
  }

  async find(userId: string, { consistent = false } = {}): Promise<User | undefined> {
    const item = await this.table.get(profileKey(userId), { consistent });
    return item && userFrom(item);
  }

  /** Profile and preferences in one round trip. */
  async findWithPreferences(
    userId: string,
    { consistent = false } = {},
  ): Promise<{ user: User | undefined; preferences: Preferences }> {
    const items = await this.table.getMany([profileKey(userId), preferencesKey(userId)], { consistent });
    const profile = items.find(({ SK }) => SK === 'PROFILE');
    return {
      user: profile && userFrom(profile),
      ...preferencesFrom(items.find(({ SK }) => SK !== 'PROFILE')),
    };
  }

  /** @param consistent where a change follows from what is read */
  async findPreferences(
    userId: string,
    { consistent = false } = {},
  ): Promise<{ preferences: Preferences; version: number; item: Item | undefined }> {
    const item = await this.table.get(preferencesKey(userId), { consistent });
    return { ...preferencesFrom(item), item };
  }

  /** @throws {StaleVersion} when they were changed since `item` was read. */
  async savePreferences(userId: string, item: Item | undefined, preferences: Preferences): Promise<number> {
    const write = this.preferencesWrite(userId, item, preferences);
    const saved = write.put
      ? await this.table.create(write.put, write.orElse)
      : await this.table.replace(write.replace, write.orElse);
    return saved.Version;
  }

  preferencesWrite(userId: string, item: Item | undefined, data: Preferences) {
    const orElse = () => new StaleVersion();
    const change = { data, ...preferencesIndex(userId) };
    if (item) return { replace: this.table.restamp(item, change), orElse };
    return { put: this.table.stamp({ ...preferencesKey(userId), EntityType: 'CONTEXT', ...change }), orElse };
  }

  /** @throws {StaleVersion} when the profile is in none of the versions. */
  async update(
    userId: string,
    change: ProfileChange,
    versions: readonly number[] | undefined,
  ): Promise<User> {
    return userFrom(
      await this.table.update(profileKey(userId), change, failWith(USER_NOT_FOUND), { versions }),
    );
  }

  /** Changes the profile together with what else must hold. */
  async updateWith(
    user: User,
    change: ProfileChange,
    versions: readonly number[] | undefined,
    alongside: readonly Write[],
  ): Promise<void> {
    const where = { username: user.username, closing: null };
    const update = { update: profileKey(user.userId), change, versions, where, orElse: staleOrGone };
    await this.table.commit([update, ...alongside]);
  }

  async markVerified(userId: string): Promise<void> {
    await this.table.update(profileKey(userId), { emailVerified: true }, failWith(USER_NOT_FOUND));
  }

  /** @throws {StaleVersion} when the user changed since they were read */
  async promoteToOwner({ userId, role, createdAt }: User): Promise<void> {
    const change = { role: 'owner', ...roleIndex('owner', createdAt, userId) };
    const orElse = () => new StaleVersion();
    await this.table.transact([
      { update: profileKey(userId), change, where: { role, Status: 'ACTIVE' }, orElse },
      this.countOwner(false),
    ]);
  }

  /** Users of some roles, newest first. */
  async list(
    { roles, status }: { roles: readonly Role[]; status: User['status'] | undefined },
    page: PageRequest,
  ): Promise<Page<User>> {
    const ranges = roles.map((role) => ({ index: 'GSI2' as const, partition: `ROLE#${role}` }));
    const where = status && { Status: status.toUpperCase() };
    return (await this.table.page({ ranges, order: 'descending', where }, page)).map(userFrom);
  }

  /**
   * Changes role and status as they were read, and the count of active owners with them.
   * @param alongside what stands or falls with it
   * @throws {ApiError} LAST_OWNER @throws {StaleVersion} when somebody else was faster
   */
  async administer(
    user: User,
    { role, status, ...rest }: AdministeredChange,
    versions: readonly number[] | undefined,
    alongside: readonly Write[] = [],
  ): Promise<void> {
    const change = {
      role,
      ...roleIndex(role, user.createdAt, user.userId),
      Status: status.toUpperCase(),
      ...rest,
    };
    const where = { role: user.role, Status: user.status.toUpperCase(), closing: null };
    const writes: Write[] = [
      { update: profileKey(user.userId), change, where, versions, orElse: staleOrGone },
    ];
    const [was, is] = [isActiveOwner(user), isActiveOwner({ role, status })];
    if (!was && is) writes.push(this.countOwner(false));
    if (was && !is) writes.push(await this.countOwnerOut());
    await this.table.transact([...writes, ...alongside]);
  }

  /** Everything of a user that this repository keeps. @returns how many rows went */
  async erase(userId: string): Promise<number> {
    const keys = [admissionKey(userId), preferencesKey(userId), profileKey(userId)];
    const existing = await this.table.getMany(keys, { consistent: true });
    for (const key of keys) await this.table.discard(key);
    return existing.length;
  }

  async noteLogin(userId: string, now: string): Promise<void> {
    await this.table.update(profileKey(userId), { lastLoginAt: now }, failWith(USER_NOT_FOUND), {
      silent: true,
    });
  }

  /** The write that voids every token issued before a second. */
  voidTokens(userId: string, second: number): Write {
    return {
      update: profileKey(userId),
      change: { tokensValidAfter: second },
      silent: true,
      orElse: failWith(USER_NOT_FOUND),
    };
  }

  /** The write that ends every session but one. @param second sessions that began before it are over */
  endOtherSessions(userId: string, keptSession: string | undefined, second: number): Write {
    return {
      update: profileKey(userId),
      change: { sessionsValidAfter: second, keptSession: keptSession ?? null },
      silent: true,
      orElse: failWith(USER_NOT_FOUND),
    };
  }

  /** The write that gives a user another address, which they have confirmed. @throws {StaleVersion} in its transaction */
  emailChange(userId: string, oldEmail: string, change: EmailProfileChange): Write {
    const where = { email: oldEmail, closing: null };
    return {
      update: profileKey(userId),
      change: { ...change, emailVerified: true },
      where,
      orElse: staleOrGone,
    };
  }

  /** Voids the tokens of some sessions until nobody can have any. At most 25: an expression is 4 KB. */
  async revokeSessions(userId: string, sessionIds: readonly string[], until: number): Promise<User> {
    const change = Object.fromEntries(sessionIds.map((id) => [`revokedSessions.${id}`, until]));
    return userFrom(
      await this.table.update(profileKey(userId), change, failWith(USER_NOT_FOUND), { silent: true }),
    );
  }

  async forgetRevocations(userId: string, sessionIds: readonly string[]): Promise<void> {
    const change = Object.fromEntries(sessionIds.map((id) => [`revokedSessions.${id}`, null]));
    await this.table.update(profileKey(userId), change, failWith(USER_NOT_FOUND), { silent: true });
  }

  private countOwner(first: boolean): Write {
    const orElse = () => new OwnerExists();
    if (first) return { put: this.table.stamp({ ...OWNERS_KEY, EntityType: 'OWNERS', count: 1 }), orElse };
    return { update: OWNERS_KEY, change: { EntityType: 'OWNERS' }, add: { count: 1 }, upsert: true, orElse };
  }

  /** One active owner less, and never the last: the count is a condition of the write. */
  private async countOwnerOut(): Promise<Write> {
    const owners = await this.table.get(OWNERS_KEY, { consistent: true });
    const count = (owners?.['count'] as number | undefined) ?? 0;
    if (count <= 1) throw new ApiError(LAST_OWNER);
    return {
      update: OWNERS_KEY,
      change: {},
      add: { count: -1 },
      where: { count },
      orElse: () => new StaleVersion(),
    };
  }
}
