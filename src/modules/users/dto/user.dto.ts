import { IsIn, IsOptional } from 'class-validator';
import { ROLES, type Role } from '../../../http/access/access.decorators.js';
import { PageQuery } from '../../../http/paging/page-query.dto.js';
import { IsOmittable, NullIsAbsent, ReadOnlyFields } from '../../../http/validation/validation.decorators.js';
import { shownOf, type User } from '../user.js';

export const STATUSES = ['active', 'disabled'] as const;

export class UserQuery extends PageQuery {
  /** Only users of this role. */
  @NullIsAbsent()
  @IsOptional()
  @IsIn(ROLES)
  role?: Role;

  /** Only accounts in this state. */
  @NullIsAbsent()
  @IsOptional()
  @IsIn(STATUSES)
  status?: 'active' | 'disabled';
}

@ReadOnlyFields(
  'userId',
  'email',
  'emailVerified',
  'name',
  'username',
  'createdAt',
  'updatedAt',
  'lastLoginAt',
  'inviteId',
  'userRole',
  'secondFactorEnabled',
  'version',
)
export class AdministerUserDto {
  /** At most the caller's own. */
  @IsOmittable()
  @IsIn(ROLES)
  role?: Role;

  /** Somebody who is disabled is signed out and cannot sign in. */
  @IsOmittable()
  @IsIn(STATUSES)
  status?: 'active' | 'disabled';
}

/** A user, as administrators see them. */
export class UserResponse {
  /** @format uuid */
  userId!: string;
  /** @example ada@example.com */
  email!: string;
  emailVerified!: boolean;
  /** @example Ada Example */
  name!: string;
  username!: string | null;
  role!: Role;
  /** Another name of `role`. */
  userRole!: Role;
  status!: 'active' | 'disabled';
  /** @format date-time */
  createdAt!: string;
  /** @format date-time */
  updatedAt!: string;
  /** @format date-time */
  lastLoginAt!: string | null;
  version!: number;
  /**
   * The invitation they came by.
   * @format uuid
   */
  inviteId!: string | null;
}

/** One user, with how they sign in. */
export class UserDetailsResponse extends UserResponse {
  secondFactorEnabled!: boolean;
}

export class RevokedResponse {
  /** How many sessions there were. */
  revoked!: number;
}

export class SecondFactorRemovedResponse {
  /** Whether there was one. */
  removed!: boolean;
}

export function asUserResponse(user: User): UserResponse {
  const { firstName: _firstName, lastName: _lastName, ...shown } = shownOf(user);
  return { ...shown, userRole: user.role, inviteId: user.inviteId };
}
