import { Injectable } from '@nestjs/common';
import type { AccountFacts, Claims, Directory } from '../identity-provider.js';
import { SessionsRepository } from '../sessions.repository.js';
import { CognitoClient } from './cognito-client.js';
import { UserUnknown } from './cognito-errors.js';

const ROLE_GROUPS: ReadonlySet<string> = new Set(['owner', 'admin', 'member']);

/** A pool's user, as far as this API looks at them. */
interface PoolUser {
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly status: string | undefined;
  readonly enabled: boolean;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly secondFactors: readonly string[];
}

/** The users of the pool, by the function's own rights. A user is named by `sub`; an address will do as well. */
@Injectable()
export class CognitoDirectory implements Directory {
  constructor(
    private readonly cognito: CognitoClient,
    private readonly sessions: SessionsRepository,
  ) {}

  async describe(sub: string): Promise<AccountFacts | undefined> {
    const user = await this.find(sub);
    if (!user?.enabled) return undefined;
    const { email = '', email_verified: verified, name } = user.attributes;
    return {
      email: email.toLowerCase(),
      emailVerified: verified === 'true',
      name: name ?? email,
      groups: await this.groupsOf(sub),
    };
  }

  async subOf(name: string): Promise<string | undefined> {
    return (await this.find(name))?.attributes['sub'];
  }

  /**
   * Somebody has confirmed their sign-up. The pool has noted by itself that the address is theirs, if that is where the
   * code went; the emulator (an endpoint other than AWS) has to be told. @returns whose address it is
   */
  async confirmed(email: string): Promise<string | undefined> {
    const { sub, email_verified: verified } = (await this.find(email))?.attributes ?? {};
    if (sub !== undefined && verified !== 'true' && this.cognito.isEmulated) {
      const UserAttributes = [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
      ];
      const user = { UserPoolId: this.cognito.poolId, Username: sub };
      await this.cognito.call('AdminUpdateUserAttributes', { ...user, UserAttributes });
    }
    return sub;
  }

  /** Of a user who signed up before a second since the epoch, and has not confirmed the address since. */
  async unconfirmedSubOf(email: string, before: number): Promise<string | undefined> {
    const user = await this.find(email);
    const orphaned = user?.status === 'UNCONFIRMED' && user.createdAt < before;
    return orphaned ? user.attributes['sub'] : undefined;
  }

  async hasSecondFactor(sub: string): Promise<boolean> {
    return (await this.find(sub))?.secondFactors.includes('SOFTWARE_TOKEN_MFA') === true;
  }

  /** The group is the role; whatever other groups there are stay. */
  async copyClaims(sub: string, { role, theme, inviteId }: Claims): Promise<void> {
    const user = { UserPoolId: this.cognito.poolId, Username: sub };
    const attribute = (Name: string, Value: string | undefined) =>
      Value === undefined ? [] : [{ Name, Value }];
    const UserAttributes = [
      ...attribute('custom:userRole', role),
      ...attribute('custom:theme', theme),
      ...attribute('custom:inviteCode', inviteId),
    ];
    await this.unlessUnknown(async () => {
      await this.cognito.call('AdminUpdateUserAttributes', { ...user, UserAttributes });
      const groups = await this.groupsOf(sub);
      if (!groups.includes(role))
        await this.cognito.call('AdminAddUserToGroup', { ...user, GroupName: role });
      for (const GroupName of groups.filter((group) => group !== role && ROLE_GROUPS.has(group))) {
        await this.cognito.call('AdminRemoveUserFromGroup', { ...user, GroupName });
      }
    });
  }

  async setEnabled(sub: string, enabled: boolean): Promise<void> {
    const user = { UserPoolId: this.cognito.poolId, Username: sub };
    await this.unlessUnknown(async () => {
      await this.cognito.call(enabled ? 'AdminEnableUser' : 'AdminDisableUser', user);
      if (!enabled) await this.cognito.call('AdminUserGlobalSignOut', user);
    });
  }

  async signOut(sub: string): Promise<void> {
    const user = { UserPoolId: this.cognito.poolId, Username: sub };
    await this.unlessUnknown(() => this.cognito.call('AdminUserGlobalSignOut', user));
  }

  async remove(sub: string): Promise<number> {
    const user = { UserPoolId: this.cognito.poolId, Username: sub };
    const removed = await this.unlessUnknown(() => this.cognito.call('AdminDeleteUser', user));
    return (removed ? 1 : 0) + (await this.sessions.removeAll(sub));
  }

  private async find(name: string): Promise<PoolUser | undefined> {
    let user: PoolUser | undefined;
    await this.unlessUnknown(async () => {
      const input = { UserPoolId: this.cognito.poolId, Username: name };
      const {
        UserAttributes = [],
        UserStatus,
        Enabled = false,
        UserCreateDate,
        UserMFASettingList = [],
      } = await this.cognito.call('AdminGetUser', input);
      user = {
        attributes: Object.fromEntries(UserAttributes.map(({ Name = '', Value }) => [Name, Value])),
        status: UserStatus,
        enabled: Enabled,
        createdAt: (UserCreateDate?.getTime() ?? 0) / 1000,
        secondFactors: UserMFASettingList,
      };
    });
    return user;
  }

  private async groupsOf(sub: string): Promise<readonly string[]> {
    const input = { UserPoolId: this.cognito.poolId, Username: sub };
    const { Groups = [] } = await this.cognito.call('AdminListGroupsForUser', input);
    return Groups.flatMap(({ GroupName }) => (GroupName === undefined ? [] : [GroupName]));
  }

  /** What is to happen to a user who is gone has happened. */
  private async unlessUnknown(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof UserUnknown) return false;
      throw error;
    }
  }
}
