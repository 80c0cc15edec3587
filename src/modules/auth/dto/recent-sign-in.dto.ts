import { IsOptional, IsString, Length } from 'class-validator';
import { NullIsAbsent, Verbatim } from '../../../http/validation/validation.decorators.js';

/** What a stolen access token must not do takes the password, or a sign-in of the last ten minutes. */
export class RecentSignInDto {
  /**
   * Where the sign-in is more than 10 minutes ago. With Cognito only a new sign-in counts.
   * @example Corr3ct-horse
   */
  @NullIsAbsent()
  @IsOptional()
  @Verbatim()
  @IsString()
  @Length(1, 1000)
  password?: string;
}
