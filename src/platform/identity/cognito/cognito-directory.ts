import { Injectable } from '@nestjs/common';
import { canonicalEmail } from '../../../config/email-address.js';
import type { AccountFacts, Claims, Directory } from '../identity-provider.js';
import { KnownPlacesRepository } from '../known-places.repository.js';
import { RegistrationsRepository } from '../registrations.repository.js';
import { SessionsRepository } from '../sessions.repository.js';
import { CognitoClient } from './cognito-client.js';
import { UserUnknown } from './cognito-errors.js';
import { PoolNamesRepository } from './pool-names.repository.js';

const ROLE_GROUPS: ReadonlySet<string> = new Set(['owner', 'admin', 'member']);

/** A pool's user, as far as this API looks at them. */
interface PoolUser {
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly status: string | undefined;
  readonly enabled: boolean;
  readonly secondFactors: readonly string[];
}

/** The users of the pool, by the function's own rights. A user is named by `sub`; an address will do as well. */
@Injectable()
export class CognitoDirectory implements Directory {
  constructor(
    private readonly cognito: CognitoClient,
    private readonly sessions: SessionsRepository,
    private readonly registrations: RegistrationsRepository,
    private readonly places: KnownPlacesRepository,
    private readonly names: PoolNamesRepository,
  ) {}

  async describe(sub: string, username?: string): Promise<AccountFacts | undefined> {
    const user = (await this.find(sub)) ?? (await this.findFederated(sub, username));
    if (!user?.enabled) return undefined;
    const { email = '', email_verified: verified, name } = user.attributes;
    return {
      email: canonicalEmail(email),
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
   * code went; the emulator (an endpoint other than AWS) has to be told.
   */
  async confirmed(sub: string, email: string): Promise<void> {
    if (!this.cognito.isEmulated) return;
    const { email_verified: verified } = (await this.find(sub))?.attributes ?? {};
    if (verified !== 'true') await this.setEmail(sub, email);
  }

  /** Sets an address that is known to be the user's. */
  async setEmail(sub: string, email: string): Promise<void> {
    const UserAttributes = [
      { Name: 'email', Value: email },
      { Name: 'email_verified', Value: 'true' },
    ];
    await this.asUser(sub, (user) =>
      this.cognito.call('AdminUpdateUserAttributes', { ...user, UserAttributes }),
    );
  }

  /** Of a user who signed up and has not confirmed the address. */
  async unconfirmedSubOf(email: string): Promise<string | undefined> {
    const user = await this.find(email);
    return user?.status === 'UNCONFIRMED' ? user.attributes['sub'] : undefined;
  }

  async hasSecondFactor(sub: string): Promise<boolean> {
    return (await this.find(sub))?.secondFactors.includes('SOFTWARE_TOKEN_MFA') === true;
  }

  async removeSecondFactor(sub: string): Promise<void> {
    const SoftwareTokenMfaSettings = { Enabled: false, PreferredMfa: false };
    await this.asUser(sub, (user) =>
      this.cognito.call('AdminSetUserMFAPreference', { ...user, SoftwareTokenMfaSettings }),
    );
  }

  /** The group is the role; whatever other groups there are stay. */
  async copyClaims(sub: string, { role, theme, inviteId }: Claims): Promise<void> {
    const attribute = (Name: string, Value: string | undefined) =>
      Value === undefined ? [] : [{ Name, Value }];
    const UserAttributes = [
      ...attribute('custom:userRole', role),
      ...attribute('custom:theme', theme),
      ...attribute('custom:inviteCode', inviteId),
    ];
    await this.asUser(sub, async (user) => {
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
    await this.asUser(sub, async (user) => {
      await this.cognito.call(enabled ? 'AdminEnableUser' : 'AdminDisableUser', user);
      if (!enabled) await this.cognito.call('AdminUserGlobalSignOut', user);
    });
  }

  async signOut(sub: string): Promise<void> {
    await this.asUser(sub, (user) => this.cognito.call('AdminUserGlobalSignOut', user));
  }

  async remove(sub: string): Promise<number> {
    const removed = await this.asUser(sub, (user) => this.cognito.call('AdminDeleteUser', user));
    await Promise.all([this.registrations.remove(sub), this.names.remove(sub)]);
    const rows = (await this.sessions.removeAll(sub)) + (await this.places.removeAll(sub));
    return (removed ? 1 : 0) + rows;
  }

  private async find(name: string): Promise<PoolUser | undefined> {
    let user: PoolUser | undefined;
    await this.asUser(name, async (named) => {
      const {
        UserAttributes = [],
        UserStatus,
        Enabled = false,
        UserMFASettingList = [],
      } = await this.cognito.call('AdminGetUser', named);
      user = {
        attributes: Object.fromEntries(UserAttributes.map(({ Name = '', Value }) => [Name, Value])),
        status: UserStatus,
        enabled: Enabled,
        secondFactors: UserMFASettingList,
      };
    });
    return user;
  }

  /** AWS finds users of another provider by their username alone, which their tokens name. */
  private async findFederated(sub: string, username: string | undefined): Promise<PoolUser | undefined> {
    if (username === undefined || username === sub) return undefined;
    const user = await this.find(username);
    if (user?.attributes['sub'] !== sub) return undefined;
    await this.names.save(sub, username);
    return user;
  }

  private async groupsOf(sub: string): Promise<readonly string[]> {
    let groups: readonly string[] = [];
    await this.asUser(sub, async (user) => {
      const { Groups = [] } = await this.cognito.call('AdminListGroupsForUser', user);
      groups = Groups.flatMap(({ GroupName }) => (GroupName === undefined ? [] : [GroupName]));
    });
    return groups;
  }

  /** Does something to a user; to one who is gone it need not be done. @returns whether there is such a user */
  private async asUser(
    name: string,
    work: (user: { readonly UserPoolId: string; readonly Username: string }) => Promise<unknown>,
  ): Promise<boolean> {
    const { poolId: UserPoolId } = this.cognito;
    if (await unlessUnknown(() => work({ UserPoolId, Username: name }))) return true;
    const Username = name.includes('@') ? undefined : await this.names.find(name);
    return Username !== undefined && unlessUnknown(() => work({ UserPoolId, Username }));
  }
}

async function unlessUnknown(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof UserUnknown) return false;
    throw error;
  }
}
