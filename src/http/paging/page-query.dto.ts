import { IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { WholeNumber } from '../validation/validation.decorators.js';

/** A list whose pages are as large as they can be. */
export class CursorQuery {
  /** `meta.nextCursor` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  cursor?: string;

  /** What the cursor held; set by the validation pipe, never by a client. */
  declare readonly after: string | undefined;
}

/** What every other list takes. */
export class PageQuery extends CursorQuery {
  /** How many entries a page holds. */
  @WholeNumber()
  @Min(1)
  @Max(100)
  limit?: number = 20;
}

/** A page query whose cursor has been opened. */
export interface Paged {
  readonly limit: number;
  readonly after: string | undefined;
}
