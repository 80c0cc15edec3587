import { Injectable } from '@nestjs/common';
import type { Role } from '../../http/access/access.decorators.js';
import { ApiError, failWith } from '../../http/errors/api-error.js';
import { StaleVersion } from '../../platform/dynamodb/faults.js';
import type { Item } from '../../platform/dynamodb/item.js';
import { Table, type Write } from '../../platform/dynamodb/table.js';
import type { Preferences, User } from './user.js';
import { OWNERS_KEY, preferencesFrom, preferencesKey, profileKey, roleIndex, userFrom } from './user.item.js';
import { USER_NOT_FOUND } from './users.errors.js';

export interface NewUser {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly username?: string | undefined;
  readonly role: Role;
}

type ProfileChange = Partial<
  Record<'name' | 'firstName' | 'lastName' | 'username', string | null | undefined>
>;

/** Somebody became the first owner while this account was being made. */
export class OwnerExists extends Error {}

@Injectable()
export class UsersRepository {
  constructor(private readonly table: Table) {}

  /** The rows of a new user, to be written with their account. @param firstOwner insists that there is no owner yet. */
  creation({ userId, role, ...fields }: NewUser, now: string, firstOwner: boolean): readonly Write[] {
    const profile = this.table.stamp({
      ...profileKey(userId),
      ...roleIndex(role, now, userId),
      EntityType: 'USER',
      Status: 'ACTIVE',
      role,
      ...fields,
      emailVerified: false,
      tokensValidAfter: 0,
      revokedSessions: {},
    });
    const writes: Write[] = [{ put: profile, orElse: failWith(USER_NOT_FOUND) }];
    if (role === 'owner') writes.push(this.countOwner(firstOwner));
    return writes;
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
    if (item) return { replace: this.table.restamp(item, { data }), orElse };
    return { put: this.table.stamp({ ...preferencesKey(userId), EntityType: 'CONTEXT', data }), orElse };
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
    const stale = (standing: Item | undefined) =>
      standing ? new StaleVersion() : new ApiError(USER_NOT_FOUND);
    const where = { username: user.username };
    const update: Write = { update: profileKey(user.userId), change, versions, where, orElse: stale };
    await this.table.transact([update, ...alongside]);
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

  /** Voids the tokens of one session until they would have ended by themselves. */
  async revokeSession(userId: string, sessionId: string, until: number): Promise<User> {
    const change = { [`revokedSessions.${sessionId}`]: until };
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
}
