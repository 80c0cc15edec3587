import { IsOptional, IsString, MaxLength } from 'class-validator';
import { OpenFields, Verbatim } from '../../../http/validation/validation.decorators.js';
import type { SnsMessage } from '../sns.js';

/** SNS may add fields; what is signed must arrive as it was sent. */
@OpenFields()
export class SnsMessageDto implements SnsMessage {
  /** @example Notification */
  @Verbatim()
  @IsString()
  @MaxLength(100)
  Type!: string;

  @Verbatim()
  @IsString()
  @MaxLength(100)
  MessageId!: string;

  @Verbatim()
  @IsString()
  @MaxLength(300)
  TopicArn!: string;

  @Verbatim()
  @IsString()
  @MaxLength(262_144)
  Message!: string;

  @Verbatim()
  @IsString()
  @MaxLength(100)
  Timestamp!: string;

  @Verbatim()
  @IsString()
  @MaxLength(10)
  SignatureVersion!: string;

  @Verbatim()
  @IsString()
  @MaxLength(2000)
  Signature!: string;

  @Verbatim()
  @IsString()
  @MaxLength(1000)
  SigningCertURL!: string;

  @IsOptional()
  @Verbatim()
  @IsString()
  @MaxLength(1000)
  Subject?: string;

  @IsOptional()
  @Verbatim()
  @IsString()
  @MaxLength(2000)
  SubscribeURL?: string;

  @IsOptional()
  @Verbatim()
  @IsString()
  @MaxLength(2000)
  Token?: string;
}
