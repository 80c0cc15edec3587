import { IsEmail, IsString, Length, MaxLength } from 'class-validator';
import { CanonicalEmail, OneLine } from '../../../http/validation/validation.decorators.js';
import { RecentSignInDto } from './recent-sign-in.dto.js';

export class ChangeEmailDto extends RecentSignInDto {
  /** @example ada.new@example.com */
  @CanonicalEmail()
  @IsEmail()
  @MaxLength(254)
  @OneLine({ joiners: false })
  newEmail!: string;
}

export class ConfirmEmailDto {
  /** @example ada.new@example.com */
  @CanonicalEmail()
  @IsEmail()
  @MaxLength(254)
  @OneLine({ joiners: false })
  newEmail!: string;

  /**
   * The six digits from the mail to the new address.
   * @example "123456"
   */
  @IsString()
  @Length(1, 64)
  code!: string;
}

export class UndoEmailDto {
  /** Of the link in the mail to the old address. */
  @IsString()
  @Length(1, 2000)
  token!: string;
}

export class EmailChangedResponse {
  /** @example ada.new@example.com */
  email!: string;
}
