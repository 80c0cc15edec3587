import { IsOptional } from 'class-validator';
import { IsDateOnly } from '../../../http/validation/validation.decorators.js';

export class UsageQuery {
  /** The first day (UTC); 29 before the last without it. */
  @IsOptional()
  @IsDateOnly()
  from?: string;

  /** The last day (UTC); today without it. */
  @IsOptional()
  @IsDateOnly()
  to?: string;
}

export class DayOfUseResponse {
  /** @format date */
  date!: string;
  messages!: number;
  tokensIn!: number;
  tokensOut!: number;
}

/** What is used, and what is left of today. */
export class UsageResponse {
  /** Every day of the span. */
  days!: DayOfUseResponse[];
  /** Of all these days. */
  messages!: number;
  tokensIn!: number;
  tokensOut!: number;
  /** Messages a day (UTC). */
  quota!: number;
  /** Messages that are left of today. */
  remaining!: number;
  /** When the quota is whole again. @format date-time */
  renewsAt!: string;
}

/** Today, after a message. */
export class AllowanceResponse {
  messages!: number;
  tokensIn!: number;
  tokensOut!: number;
  /** Messages a day (UTC). */
  quota!: number;
  /** Messages that are left of today. */
  remaining!: number;
  /** When the quota is whole again. @format date-time */
  renewsAt!: string;
}
