import { IsOptional } from 'class-validator';
import { IsDateOnly, ValidationCode } from '../../../../http/validation/validation.decorators.js';
import { QUEST_VALIDATION_ERROR } from '../../quests.errors.js';

@ValidationCode(QUEST_VALIDATION_ERROR)
export class StatisticsQuery {
  /** The first day; 366 days end with `to` without it, and more there cannot be. */
  @IsOptional()
  @IsDateOnly()
  from?: string;

  /** The last day; today without it. */
  @IsOptional()
  @IsDateOnly()
  to?: string;
}

export class ShareResponse {
  completed!: number;
  /** Completed on or before the day they were due. */
  onTime!: number;
}

export class DayResponse {
  /** @format date */
  date!: string;
  /** Tasks completed. */
  count!: number;
}

export class PrioritiesResponse {
  low!: ShareResponse;
  medium!: ShareResponse;
  high!: ShareResponse;
  none!: ShareResponse;
}

/** What was done from one day to another; days are those of the user's time zone. */
export class StatisticsResponse {
  /** @format date */
  from!: string;
  /** @format date */
  to!: string;
  timezone!: string;
  /** Tasks completed on these days. */
  completed!: number;
  /** Those of them that were completed on or before the day they were due. */
  onTime!: number;
  /** `onTime` of `completed`, from 0 to 1; null when nothing was completed. @format double */
  onTimeRate!: number | null;
  /** Days in a row, up to the last, on which something was completed. Today counts once something is. */
  currentStreak!: number;
  /** The most such days in a row. */
  longestStreak!: number;
  /** Every day, oldest first. */
  heatmap!: DayResponse[];
  byPriority!: PrioritiesResponse;
}
