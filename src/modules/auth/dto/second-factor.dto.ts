import { IsString, Length } from 'class-validator';

export class SecondFactorCodeDto {
  /**
   * Six digits of the authenticator app, or a backup code where one is removed.
   * @example "123456"
   */
  @IsString()
  @Length(6, 20)
  code!: string;
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
