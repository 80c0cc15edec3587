import { IsIn, IsOptional } from 'class-validator';
import { ROLES, type Role } from '../../../http/access/access.decorators.js';
import { PageQuery } from '../../../http/paging/page-query.dto.js';
import { IsOmittable, NullIsAbsent } from '../../../http/validation/validation.decorators.js';
import type { User } from '../user.js';

export const STATUSES = ['active', 'disabled'] as const;

export class UserQuery extends PageQuery {
  @NullIsAbsent()
  @IsOptional()
  @IsIn(ROLES)
  role?: Role;

  @NullIsAbsent()
  @IsOptional()
  @IsIn(STATUSES)
  status?: 'active' | 'disabled';
}

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
  status!: 'active' | 'disabled';
  /** @format date-time */
  createdAt!: string;
  /** @format date-time */
  updatedAt!: string;
  /** @format date-time */
  lastLoginAt!: string | null;
  version!: number;
}

export function asUserResponse(user: User): UserResponse {
  const {
    firstName: _f,
    lastName: _l,
    closing: _c,
    tokensValidAfter: _t,
    revokedSessions: _r,
    ...shown
  } = user;
  return shown;
}
