import { IsString, Length } from 'class-validator';

export class UnsubscribeQuery {
  /** As it stands in a mail. */
  @IsString()
  @Length(1, 200)
  token!: string;
}
