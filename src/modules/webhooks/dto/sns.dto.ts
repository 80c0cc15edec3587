import { IsOptional, IsString, MaxLength } from 'class-validator';
import { AsSent, NullIsAbsent, OpenFields } from '../../../http/validation/validation.decorators.js';
import type { SnsMessage } from '../sns.js';

/** SNS may add fields; what is signed must arrive as it was sent. */
@OpenFields()
@AsSent()
export class SnsMessageDto implements SnsMessage {
  /** @example Notification */
  @IsString()
  @MaxLength(100)
  Type!: string;

  @IsString()
  @MaxLength(100)
  MessageId!: string;

  @IsString()
  @MaxLength(300)
  TopicArn!: string;

  @IsString()
  @MaxLength(262_144)
  Message!: string;

  @IsString()
  @MaxLength(100)
  Timestamp!: string;

  @IsString()
  @MaxLength(10)
  SignatureVersion!: string;

  @IsString()
  @MaxLength(2000)
  Signature!: string;

  @IsString()
  @MaxLength(1000)
  SigningCertURL!: string;

  @NullIsAbsent()
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  Subject?: string;

  @NullIsAbsent()
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  SubscribeURL?: string;

  @NullIsAbsent()
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  Token?: string;
}
