import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { PageQuery } from '../../../http/paging/page-query.dto.js';
import { AsBoolean } from '../../../http/validation/validation.decorators.js';
import { ENTRY_STATUSES, type EntryStatus } from '../publication.js';

/** What every list of entries takes. */
export class EntriesQuery extends PageQuery {
  /** Others than published are the owner’s. */
  @IsIn([...ENTRY_STATUSES, 'all'])
  status?: EntryStatus | 'all' = 'published';

  /** Only what is featured, or only what is not. */
  @IsOptional()
  @AsBoolean()
  @IsBoolean()
  featured?: boolean;
}
