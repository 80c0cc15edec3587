import { IsDefined, IsInt, IsOptional, IsString, Length, Matches } from 'class-validator';
import { Nested } from '../../../http/validation/validation.decorators.js';

class DeviceKeysDto {
  /**
   * The device's public key: 65 bytes on P-256, in base64url.
   * @example BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM
   */
  @IsString()
  @Matches(/^[\w-]{87}=?$/)
  p256dh!: string;

  /**
   * 16 bytes in base64url.
   * @example tBHItJI5svbpez7KI4CCXg
   */
  @IsString()
  @Matches(/^[\w-]{22}={0,2}$/)
  auth!: string;
}

/** A PushSubscription, as a browser gives it in JSON. */
export class RegisterDeviceDto {
  /** @example https://fcm.googleapis.com/fcm/send/example */
  @IsString()
  @Length(10, 1000)
  endpoint!: string;

  /** Browsers send it; nothing is made of it. */
  @IsOptional()
  @IsInt()
  expirationTime?: number | null;

  @IsDefined()
  @Nested(() => DeviceKeysDto)
  keys!: DeviceKeysDto;
}

export class RemoveDeviceDto {
  /** @example https://fcm.googleapis.com/fcm/send/example */
  @IsString()
  @Length(10, 1000)
  endpoint!: string;
}

export class DeviceResponse {
  /** @format uuid */
  id!: string;
  endpoint!: string;
  /** @format date-time */
  createdAt!: string;
}
