import { IsIn, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { EmptyIsNull, WholeNumber, IsId } from '../../../http/validation/validation.decorators.js';
import { CONTENT_TYPES, type ContentType } from '../counting/counter.js';
import type { Uncounted } from '../counting/visit.js';
import { IsPath, IsReferrer } from '../visitors/sources.js';

class TrackDto {
  /** Tells visitors apart instead of address and browser; only a hash of it is kept, and the salt of that for 48 hours. @example a7d0c6e2 */
  @EmptyIsNull()
  @IsOptional()
  @IsString()
  @Length(1, 128)
  sessionId?: string | null;
}

export class TrackVisitorDto extends TrackDto {
  /** Where the visit began; what follows `?` or `#` is not kept. @example /blog */
  @EmptyIsNull()
  @IsOptional()
  @IsPath()
  @MaxLength(2000)
  path?: string | null;

  /** Where it came from; only the host is kept. @example https://news.example.org/item?id=1 */
  @EmptyIsNull()
  @IsOptional()
  @IsReferrer()
  @MaxLength(2000)
  referrer?: string | null;
}

export class TrackViewDto extends TrackDto {
  @IsIn(CONTENT_TYPES)
  contentType!: ContentType;

  @IsId()
  contentId!: string;
}

export class TrackedVisitorResponse {
  /** Visitors so far: each once a day. */
  count!: number;
  /** Whether this one was counted. */
  tracked!: boolean;
  /** Why not. */
  reason?: Uncounted;
}

export class TrackedViewResponse {
  /** Views so far: one a visitor and day. */
  views!: number;
  /** Whether this one was counted. */
  tracked!: boolean;
  /** Why not. */
  reason?: Uncounted;
}

export class VisitorCountResponse {
  count!: number;
  /** Since midnight UTC. */
  today!: number;
}

export class DailyTrendQuery {
  /** How many days, today included. */
  @WholeNumber()
  @Min(1)
  @Max(90)
  days?: number = 30;
}

export class MonthlyTrendQuery {
  /** How many months, this one included. */
  @WholeNumber()
  @Min(1)
  @Max(24)
  months?: number = 6;
}

export class DailyVisitorsResponse {
  /** UTC. @format date */
  date!: string;
  visitors!: number;
}

export class MonthlyVisitorsResponse {
  /** Like 2026-11. */
  month!: string;
  visitors!: number;
}

export class ContentViewsResponse {
  /** @format uuid */
  contentId!: string;
  contentType!: ContentType;
  views!: number;
}

export class TypeViewsResponse {
  contentType!: ContentType;
  /** Views by id. */
  stats!: Record<string, number>;
}

export class TopContentQuery {
  /** How many entries of each kind. */
  @WholeNumber()
  @Min(1)
  @Max(20)
  limit?: number = 5;
}

export class TopContentEntry {
  /** @format uuid */
  contentId!: string;
  title!: string;
  views!: number;
}

export class TopContentResponse {
  blogs!: TopContentEntry[];
  projects!: TopContentEntry[];
  certifications!: TopContentEntry[];
}

export class TotalViewsResponse {
  totalViews!: number;
}

/** A number of these days, and of as many days before them. */
export class ChangeResponse {
  count!: number;
  previous!: number;
  /** Percent, to one decimal; null where there was nothing before. @format double */
  change!: number | null;
}

export class OverviewDayResponse {
  /** UTC. @format date */
  date!: string;
  visitors!: number;
  views!: number;
}

export class SourceResponse {
  /** A host or a path; `(other)` stands for those beyond the 200 of a day. */
  name!: string;
  /** Visits. */
  count!: number;
}

export class OverviewResponse {
  visitors!: ChangeResponse;
  views!: ChangeResponse;
  /** Hits of robots, which count for nothing else. */
  bots!: ChangeResponse;
  /** Oldest first; every day is there. */
  trend!: OverviewDayResponse[];
  /** Of these days. */
  topContent!: TopContentResponse;
  /** Of these days. */
  topReferrers!: SourceResponse[];
  /** Where visits of these days began. */
  topPaths!: SourceResponse[];
}

export class BadgeQuery {
  /** What stands on the left. @example readers */
  @IsOptional()
  @IsString()
  @Length(1, 40)
  label?: string;

  /** One of shields.io’s names, or hexadecimal digits. @example 2ea44f */
  @IsOptional()
  @Matches(/^(brightgreen|green|yellowgreen|yellow|orange|red|blue|lightgrey|([0-9a-fA-F]{3}){1,2})$/, {
    message:
      '$property must be like 2ea44f, or one of brightgreen, green, yellowgreen, yellow, orange, red, blue, lightgrey',
  })
  color?: string;
}
