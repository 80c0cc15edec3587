import {
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { ROLES, type Role } from '../../../http/access/access.decorators.js';
import { PageQuery } from '../../../http/paging/page-query.dto.js';
import { CanonicalEmail, NullIsAbsent, OneLine } from '../../../http/validation/validation.decorators.js';
import { THEMES, type Theme } from '../../users/user.js';
import { INVITE_STATUSES, type InviteStatus } from '../invite.js';

export class CreateInviteDto {
  /**
   * The one address that may use it; without it, whoever has the code.
   * @example grace@example.com
   */
  @NullIsAbsent()
  @IsOptional()
  @CanonicalEmail()
  @IsEmail()
  @MaxLength(254)
  @OneLine({ joiners: false })
  email?: string;

  /** At most the caller's own. */
  @IsIn(ROLES)
  role: Role = 'member';

  /** @example Dev */
  @NullIsAbsent()
  @IsOptional()
  @IsIn(THEMES)
  theme?: Theme;

  @IsInt()
  @Min(1)
  @Max(1000)
  maxUses: number = 1;

  @IsInt()
  @Min(1)
  @Max(365)
  expiresInDays: number = 30;

  /** Whether the address is sent a mail. */
  @IsBoolean()
  notify: boolean = true;
}

export class InviteQuery extends PageQuery {
  /** Only invitations in this state. */
  @IsOptional()
  @IsIn(INVITE_STATUSES)
  status?: InviteStatus;
}

export class ValidateInviteDto {
  /** @example 7K2M-9QXR-41TD-HBNV */
  @IsString()
  @Length(1, 40)
  code!: string;
}

/** An invitation, without its code. */
export class InviteResponse {
  /** @format uuid */
  id!: string;
  status!: InviteStatus;
  /** @example grace@example.com */
  email!: string | null;
  role!: Role;
  theme!: Theme | null;
  maxUses!: number;
  uses!: number;
  /** @format date-time */
  expiresAt!: string;
  /** @format date-time */
  createdAt!: string;
  version!: number;
}

/** An invitation with its code, which is shown this once and stored as a hash. */
export class InviteWithCodeResponse extends InviteResponse {
  /** @example 7K2M-9QXR-41TD-HBNV */
  code!: string;
  /** Where the front end takes the code. */
  url!: string;
}

/** The same `{"valid":false}` for every code that cannot be used. */
export class ValidatedInviteResponse {
  valid!: boolean;
  role?: Role;
  /** @format date-time */
  expiresAt?: string;
}
