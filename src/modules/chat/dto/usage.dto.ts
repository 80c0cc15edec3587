import { IsOptional } from 'class-validator';
import { IsDateOnly } from '../../../http/validation/validation.decorators.js';

export class UsageQuery {
  /** The first day (UTC), at most 365 before the last; 29 before it without it. */
  @IsOptional()
  @IsDateOnly()
  from?: string;

  /** The last day (UTC); today without it. */
  @IsOptional()
  @IsDateOnly()
  to?: string;
}

class UsedResponse {
  messages!: number;
  tokensIn!: number;
  tokensOut!: number;
}

export class DayOfUseResponse extends UsedResponse {
  /** @format date */
  date!: string;
}

/** What is used of today, and what is left. */
export class AllowanceResponse extends UsedResponse {
  /** Messages a day (UTC). */
  quota!: number;
  /** Messages that are left of today. */
  remaining!: number;
  /** When the quota is whole again. @format date-time */
  renewsAt!: string;
}

/** What is used in a span of days, and what is left of today. */
export class UsageResponse extends AllowanceResponse {
  /** Every day of the span. */
  days!: DayOfUseResponse[];
}
