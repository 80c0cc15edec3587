import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { Role } from '../../http/access/access.decorators.js';
import { VERSION } from '../../http/envelope/etag.js';
import { ApiError } from '../../http/errors/api-error.js';
import { Clock } from '../../platform/clock.js';
import { asSeen, assertSeen } from '../../platform/dynamodb/faults.js';
import type { Write } from '../../platform/dynamodb/table.js';
import { dateIn } from '../../platform/local-time.js';
import { Usernames } from '../../platform/identity/usernames.js';
import type { ProfileResponse, UpdateProfileDto } from './dto/profile.dto.js';
import { mergePreferences, type Preferences, PREFERENCES_BYTES, shownOf } from './user.js';
import { TimezoneChanges } from './timezone-changes.js';
import { PREFERENCES_LIMIT, USER_NOT_FOUND } from './users.errors.js';
import { UsersRepository } from './users.repository.js';

/** Where nobody has said otherwise. */
const UTC = 'UTC';

type Versions = readonly number[] | undefined;

export interface UserDay {
  /** IANA. */
  readonly timezone: string;
  /** A calendar date. */
  readonly today: string;
}

/** What a person sees and changes of themselves. */
@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly usernames: Usernames,
    private readonly timezones: TimezoneChanges,
    private readonly clock: Clock,
  ) {}

  /** @param consistent after a change, so that the answer shows it */
  async profile(userId: string, { consistent = false } = {}): Promise<ProfileResponse> {
    const { user, preferences } = await this.users.findWithPreferences(userId, { consistent });
    if (!user) throw new ApiError(USER_NOT_FOUND);
    return { ...shownOf(user), userRole: user.role, theme: preferences.theme ?? null, preferences };
  }

  /** Changes only what is given. A name that must be unique, or preferences, are changed in one transaction with the rest. */
  async updateProfile(
    userId: string,
    change: UpdateProfileDto,
    versions: Versions,
  ): Promise<ProfileResponse> {
    const { theme, preferences, ...fields } = change;
    const hasPreferences = theme !== undefined || Object.keys(preferences ?? {}).length > 0;
    const preferred = hasPreferences ? { theme, preferences } : undefined;
    if (!preferred && fields.username === undefined) await this.users.update(userId, fields, versions);
    else await this.updateTogether(userId, fields, preferred, versions);
    return this.profile(userId, { consistent: true });
  }

  async preferences(userId: string): Promise<Preferences> {
    const { preferences, version } = await this.users.findPreferences(userId);
    return { ...preferences, [VERSION]: version };
  }

  async updatePreferences(
    userId: string,
    change: Readonly<Record<string, unknown>>,
    versions: Versions,
  ): Promise<Preferences> {
    const attempt = async () => {
      const known = await this.users.findPreferences(userId, { consistent: true });
      assertSeen(known.version, versions);
      const preferences = merged(known.preferences, change);
      if (isDeepStrictEqual(preferences, known.preferences))
        return { ...known.preferences, [VERSION]: known.version };
      const version = await this.users.savePreferences(userId, known.item, preferences);
      await this.announce(userId, known.preferences, preferences);
      return { ...preferences, [VERSION]: version };
    };
    return asSeen(versions, attempt);
  }

  async isThere(userId: string): Promise<boolean> {
    return (await this.users.find(userId, { consistent: true })) !== undefined;
  }

  /** Undefined for those who are not there. */
  async roleOf(userId: string): Promise<Role | undefined> {
    return (await this.users.find(userId, { consistent: true }))?.role;
  }

  /** Where mails to somebody go; undefined for those who are not there, or may not sign in. */
  async addressOf(userId: string, { consistent = false } = {}): Promise<string | undefined> {
    const user = await this.users.find(userId, { consistent });
    return user?.status === 'active' ? user.email : undefined;
  }

  /** The day that it is where the user is. @param consistent where something is placed by it, which would come late by the zone before */
  async dayOf(userId: string, options: { readonly consistent?: boolean } = {}): Promise<UserDay> {
    const timezone = await this.timezoneOf(userId, options);
    return { timezone, today: dateIn(timezone, this.clock.now()) };
  }

  /** The zone in which the user's days begin and end. */
  async timezoneOf(userId: string, { consistent = false } = {}): Promise<string> {
    const { preferences } = await this.users.findPreferences(userId, { consistent });
    return preferences.timezone ?? UTC;
  }

  private async updateTogether(
    userId: string,
    fields: Omit<UpdateProfileDto, 'theme' | 'preferences'>,
    preferred: Pick<UpdateProfileDto, 'theme' | 'preferences'> | undefined,
    versions: Versions,
  ): Promise<void> {
    const attempt = async () => {
      const user = await this.users.find(userId, { consistent: true });
      if (!user) throw new ApiError(USER_NOT_FOUND);
      const alongside: Write[] = [];
      const known = preferred && (await this.users.findPreferences(userId, { consistent: true }));
      const preferences = known && merged(known.preferences, changeOf(known.preferences, preferred));
      const changed = known && !isDeepStrictEqual(preferences, known.preferences);
      if (changed && preferences)
        alongside.push(this.users.preferencesWrite(userId, known.item, preferences));
      if (fields.username !== undefined) {
        alongside.push(
          ...(await this.usernames.rename(userId, user.username ?? undefined, fields.username ?? undefined)),
        );
      }
      await this.users.updateWith(user, fields, versions, alongside);
      if (changed && preferences) await this.announce(userId, known.preferences, preferences);
    };
    await asSeen(versions, attempt);
  }

  private async announce(userId: string, before: Preferences, after: Preferences): Promise<void> {
    const { timezone = UTC } = after;
    if (timezone !== (before.timezone ?? UTC)) await this.timezones.announce(userId, timezone);
  }
}

/** The theme is in two places of a profile: of two that differ, the one that says something new. */
function changeOf(
  known: Preferences,
  { theme, preferences = {} }: Pick<UpdateProfileDto, 'theme' | 'preferences'>,
): Readonly<Record<string, unknown>> {
  const isOld = preferences.theme !== undefined && theme === (known.theme ?? null);
  return theme === undefined || isOld ? preferences : { ...preferences, theme };
}

function merged(known: Preferences, change: Readonly<Record<string, unknown>>): Preferences {
  const preferences = mergePreferences(known, change);
  if (Buffer.byteLength(JSON.stringify(preferences)) > PREFERENCES_BYTES)
    throw new ApiError(PREFERENCES_LIMIT);
  return preferences;
}
