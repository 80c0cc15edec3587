import { Transform } from 'class-transformer';
import { IsEmail, IsOptional, IsString, Length, Matches, MaxLength, ValidateIf } from 'class-validator';
import type { Role } from '../../../http/access/access.decorators.js';
import { Verbatim } from '../../../http/validation/validation.decorators.js';
import { USERNAME } from '../../users/dto/profile.dto.js';
import { type Theme } from '../../users/user.js';

/** Addresses are compared in lower case. */
const LowerCase = () =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value));

export class RegisterDto {
  /** @example ada@example.com */
  @LowerCase()
  @IsEmail()
  @MaxLength(254)
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
  @Length(2, 100)
  name!: string;

  /** @example ada */
  @IsOptional()
  @Matches(USERNAME)
  username?: string;
}

/** An address or a username, and the password. */
export class LoginDto {
  /** @example ada@example.com */
  @ValidateIf(({ email, username }: LoginDto) => email !== undefined || username === undefined)
  @LowerCase()
  @IsString()
  @Length(1, 254)
  email?: string;

  /** @example ada */
  @ValidateIf(({ username }: LoginDto) => username !== undefined)
  @IsString()
  @Length(1, 254)
  username?: string;

  /** @example Corr3ct-horse */
  @Verbatim()
  @IsString()
  @Length(1, 1000)
  password!: string;
}

export class RefreshDto {
  /** The one that the last login or refresh gave. */
  @IsString()
  @Length(1, 4096)
  refreshToken!: string;
}

export class LogoutDto {
  /** Of the session to end, if it is another than the access token's. */
  @IsOptional()
  @IsString()
  @Length(1, 4096)
  refreshToken?: string;
}

export class ForgotPasswordDto {
  /** @example ada@example.com */
  @LowerCase()
  @IsEmail()
  @MaxLength(254)
  email!: string;
}

export class ResetPasswordDto {
  /** @example ada@example.com */
  @LowerCase()
  @IsEmail()
  @MaxLength(254)
  email!: string;

  /**
   * The six digits from the mail.
   * @example "123456"
   */
  @IsString()
  @Length(1, 64)
  code!: string;

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
  theme!: Theme | null;
}

export class TokensResponse {
  /** For `Authorization: Bearer …`; lives `expiresIn` seconds. */
  accessToken!: string;
  /** Says who is signed in; accepted like the access token. */
  idToken!: string;
  /** Good for one refresh, for 30 days from the login. */
  refreshToken!: string;
  tokenType!: 'Bearer';
  /** Seconds. @example 3600 */
  expiresIn!: number;
}

export class LoginResponse extends TokensResponse {
  user!: MeResponse;
}

export class LoggedOutResponse {
  loggedOut!: true;
}

/** The same whether or not there is such an account. */
export class CodeSentResponse {
  /** @example If there is an account with this address, a code is on its way. */
  message!: string;
}

export class PasswordResetResponse {
  reset!: true;
}
