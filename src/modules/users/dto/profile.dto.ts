import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import type { Role } from '../../../http/access/access.decorators.js';
import { IsOmittable, OneLine, ReadOnlyFields } from '../../../http/validation/validation.decorators.js';
import { THEMES, type Theme } from '../user.js';
import { IsPreferences, PreferencesDto } from './preferences.dto.js';

export const USERNAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{1,30}[A-Za-z0-9])$/;

/** Changes only what is given; `null` clears what is optional. */
@ReadOnlyFields(
  'userId',
  'email',
  'emailVerified',
  'role',
  'userRole',
  'status',
  'createdAt',
  'updatedAt',
  'lastLoginAt',
  'version',
)
export class UpdateProfileDto {
  /** @example Ada Example */
  @IsOmittable()
  @IsString()
  @Length(1, 100)
  @OneLine()
  name?: string;

  /** @example Ada */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  @OneLine()
  firstName?: string | null;

  /** @example Example */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  @OneLine()
  lastName?: string | null;

  /**
   * 3 to 32 letters, digits, dots, dashes and underscores; unique without regard to case.
   * @example ada
   */
  @IsOptional()
  @Matches(USERNAME)
  username?: string | null;

  /** @example Dev */
  @IsOptional()
  @IsIn(THEMES)
  theme?: Theme | null;

  /** Merged into the known preferences. */
  @IsOmittable()
  @IsPreferences()
  preferences?: PreferencesDto;
}

@ReadOnlyFields(
  'userId',
  'email',
  'emailVerified',
  'firstName',
  'lastName',
  'username',
  'theme',
  'role',
  'userRole',
  'status',
  'preferences',
  'createdAt',
  'updatedAt',
  'lastLoginAt',
  'version',
)
export class UpdateNameDto {
  /** @example Ada Example */
  @IsString()
  @Length(1, 100)
  @OneLine()
  name!: string;
}

/** A user, as they see themselves. */
export class ProfileResponse {
  /** @format uuid */
  userId!: string;
  /** @example ada@example.com */
  email!: string;
  emailVerified!: boolean;
  /** @example Ada Example */
  name!: string;
  firstName!: string | null;
  lastName!: string | null;
  username!: string | null;
  theme!: Theme | null;
  role!: Role;
  /** Another name of `role`. */
  userRole!: Role;
  status!: 'active' | 'disabled';
  preferences!: PreferencesDto;
  /** @format date-time */
  createdAt!: string;
  /** @format date-time */
  updatedAt!: string;
  /** @format date-time */
  lastLoginAt!: string | null;
  version!: number;
}
