import { IsString, Length, Matches } from 'class-validator';
import { RecentSignInDto } from './recent-sign-in.dto.js';

export class EnrolTotpDto extends RecentSignInDto {}

export class SecondFactorCodeDto {
  /**
   * Six digits of the authenticator app, or a backup code, to remove the factor or to replace the codes.
   * @example "123456"
   */
  @IsString()
  @Length(6, 20)
  @Matches(/^[0-9A-Za-z -]*$/)
  code!: string;
}

export class SecondFactorStatusResponse {
  enabled!: boolean;
  /** Null where the identity provider has no backup codes. */
  backupCodesLeft!: number | null;
}

export class TotpSecretResponse {
  /** In base32, for typing into an authenticator app. */
  secret!: string;
  /** For a QR code. */
  otpauthUrl!: string;
}

export class SecondFactorResponse {
  enabled!: boolean;
  /** Each good for one sign-in without the app; shown this once. Cognito gives none. */
  backupCodes!: string[];
}
