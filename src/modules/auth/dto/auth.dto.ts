import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsEmail, IsIn, IsOptional, IsString, Length, Matches, MaxLength, ValidateIf } from 'class-validator';
import type { Role } from '../../../http/access/access.decorators.js';
import {
  CanonicalEmail,
  NullIsAbsent,
  OneLine,
  Verbatim,
} from '../../../http/validation/validation.decorators.js';
import { type ChallengeName, CHALLENGES } from '../../../platform/identity/identity-provider.js';
import { USERNAME } from '../../users/dto/profile.dto.js';
import { type Theme } from '../../users/user.js';

export class RegisterDto {
  /** @example ada@example.com */
  @CanonicalEmail()
  @IsEmail()
  @MaxLength(254)
  @OneLine({ joiners: false })
  email!: string;

  /**
   * 8 to 128 characters with upper case, lower case, a digit and a symbol.
   * @example Corr3ct-horse
   */
  @Verbatim()
  @IsString()
  @MaxLength(1000)
  password!: string;

  /** @example Ada Example */
  @IsString()
  @Length(1, 100)
  @OneLine()
  name!: string;

  /** @example ada */
  @NullIsAbsent()
  @IsOptional()
  @Matches(USERNAME)
  username?: string;

  /**
   * Of an invitation; where there is none to be had without one.
   * @example 7K2M-9QXR-41TD-HBNV
   */
  @NullIsAbsent()
  @IsOptional()
  @IsString()
  @Length(1, 40)
  inviteCode?: string;
}

/** An address or a username, and the password. */
export class LoginDto {
  /** @example ada@example.com */
  @NullIsAbsent()
  @ValidateIf(({ email, username }: LoginDto) => email !== undefined || username === undefined)
  @CanonicalEmail()
  @IsString()
  @Length(1, 254)
  email?: string;

  /** @example ada */
  @NullIsAbsent()
  @ValidateIf(({ username }: LoginDto) => username !== undefined)
  @IsString()
  @Length(1, 254)
  username?: string;

  /** @example Corr3ct-horse */
  @Verbatim()
  @IsString()
  @Length(1, 1000)
  password!: string;

  /**
   * Of an invitation, for somebody who has an account at the user pool and is not admitted here yet.
   * @example 7K2M-9QXR-41TD-HBNV
   */
  @NullIsAbsent()
  @IsOptional()
  @IsString()
  @Length(1, 40)
  inviteCode?: string;
}

export class ChallengeDto {
  /** As the login gave it. */
  @IsString()
  @Length(1, 4096)
  session!: string;

  @IsIn(CHALLENGES)
  challenge!: ChallengeName;

  /**
   * The code of the authenticator app, a backup code, or the new password.
   * @example "123456"
   */
  @Verbatim()
  @IsString()
  @Length(1, 1000)
  answer!: string;

  /** As at the login. */
  @NullIsAbsent()
  @IsOptional()
  @IsString()
  @Length(1, 40)
  inviteCode?: string;
}

export class AcceptInviteDto {
  /** @example 7K2M-9QXR-41TD-HBNV */
  @IsString()
  @Length(1, 40)
  code!: string;
}

export class InvitationAcceptedResponse {
  accepted!: boolean;
}

export class ChangePasswordDto {
  /** @example Corr3ct-horse */
  @Verbatim()
  @IsString()
  @Length(1, 1000)
  currentPassword!: string;

  /** @example Corr3ct-pony */
  @Verbatim()
  @IsString()
  @MaxLength(1000)
  newPassword!: string;
}

export class RefreshDto {
  /** The one that the last login or refresh gave. Required, but for pages with AUTH_REFRESH_COOKIE: their cookie has it. */
  @ApiPropertyOptional()
  @IsString()
  @Length(1, 4096)
  refreshToken!: string;
}

export class LogoutDto {
  /** Of the session to end, if it is another than the access token's. */
  @NullIsAbsent()
  @IsOptional()
  @IsString()
  @Length(1, 4096)
  refreshToken?: string;
}

export class EmailDto {
  /** @example ada@example.com */
  @CanonicalEmail()
  @IsEmail()
  @MaxLength(254)
  @OneLine({ joiners: false })
  email!: string;
}

export class ConfirmDto extends EmailDto {
  /**
   * The six digits from the mail.
   * @example "123456"
   */
  @IsString()
  @Length(1, 64)
  code!: string;

  /** As the registration answered: nobody else confirms it, and a code of another registration is wrong. */
  @IsString()
  @Length(1, 128)
  registrationToken!: string;
}

/** The token of a link, or the address and the code from a mail. */
export class ResetPasswordDto {
  /** @example ada@example.com */
  @NullIsAbsent()
  @ValidateIf(({ token }: ResetPasswordDto) => token === undefined)
  @CanonicalEmail()
  @IsEmail()
  @MaxLength(254)
  @OneLine({ joiners: false })
  email?: string;

  /**
   * The six digits from the mail.
   * @example "123456"
   */
  @NullIsAbsent()
  @ValidateIf(({ token }: ResetPasswordDto) => token === undefined)
  @IsString()
  @Length(1, 64)
  code?: string;

  /** Of the link in the mail. */
  @NullIsAbsent()
  @IsOptional()
  @IsString()
  @Length(1, 300)
  token?: string;

  /** @example Corr3ct-horse */
  @Verbatim()
  @IsString()
  @MaxLength(1000)
  newPassword!: string;
}

export class RegisteredResponse {
  /** @format uuid */
  userId!: string;
  /** @example ada@example.com */
  email!: string;
  /** Whether the account can sign in at once. */
  confirmed!: boolean;
  /** Goes into the confirmation of the address, with the code from the mail. */
  registrationToken!: string;
}

/** Who is signed in. */
export class MeResponse {
  /** @format uuid */
  id!: string;
  /** @format uuid */
  userId!: string;
  /** @example ada@example.com */
  email!: string;
  emailVerified!: boolean;
  username!: string | null;
  /** @example Ada Example */
  name!: string;
  role!: Role;
  /** Another name of `role`. */
  userRole!: Role;
  theme!: Theme | null;
}

export class TokensResponse {
  /** For `Authorization: Bearer …`; lives `expiresIn` seconds. */
  accessToken!: string;
  /** Says who is signed in; accepted like the access token. */
  idToken!: string;
  /**
   * Good for one refresh, for 30 days from the login. Used again within 30 seconds it gives the same successor. Absent
   * where a page got it as a cookie.
   */
  refreshToken?: string;
  tokenType!: 'Bearer';
  /** Seconds. @example 3600 */
  expiresIn!: number;
}

export class LoginResponse extends TokensResponse {
  user!: MeResponse;
}

/** The password was right, and this is asked for as well. */
export class ChallengeResponse {
  challenge!: ChallengeName;
  /** Goes into the answer; good for some minutes. */
  session!: string;
}

/**
 * What a sign-in gives: tokens and who is signed in; or, where more is asked for, a challenge and its session, and none of
 * these. (One schema for both: generators of clients cannot tell two apart without a mark.)
 */
export class SignInResponse {
  /** For `Authorization: Bearer …`; lives `expiresIn` seconds. */
  accessToken?: string;
  /** Says who is signed in; accepted like the access token. */
  idToken?: string;
  /** Good for one refresh, for 30 days from the login. */
  refreshToken?: string;
  /** @example Bearer */
  tokenType?: string;
  /** Seconds. @example 3600 */
  expiresIn?: number;
  user?: MeResponse;
  /** What is asked for as well; there are no tokens yet. */
  challenge?: ChallengeName;
  /** Goes into the answer to the challenge; good for some minutes. */
  session?: string;
}

/** A sign-in that goes on. */
export class SessionResponse {
  /** @format uuid */
  id!: string;
  /** Another name of `id`. @format uuid */
  sessionId!: string;
  /** @format date-time */
  createdAt!: string;
  /** @format date-time */
  lastUsedAt!: string;
  userAgent!: string | null;
  /**
   * The network that it began in, without the part that names a single machine.
   * @example 203.0.113.0/24
   */
  network!: string | null;
  /** Whether it is the one that asks. */
  current!: boolean;
}

export class ConfirmedResponse {
  confirmed!: true;
}

export class PasswordChangedResponse {
  changed!: true;
}

export class LoggedOutResponse {
  loggedOut!: true;
}

/** The same whether or not there is such an account. */
export class CodeSentResponse {
  /** @example If the address can be used, a mail is on its way to it. */
  message!: string;
}

/** The same whether or not there is an account with the address. */
export class RegistrationAcceptedResponse extends CodeSentResponse {
  /** Goes into the confirmation of the address, with the code from the mail. */
  registrationToken!: string;
}

export const CODE_SENT: CodeSentResponse = {
  message: 'If the address can be used, a mail is on its way to it.',
};

export class PasswordResetResponse {
  reset!: true;
}
