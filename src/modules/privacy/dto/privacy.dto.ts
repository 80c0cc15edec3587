import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { NullIsAbsent, Verbatim } from '../../../http/validation/validation.decorators.js';

export const ERASE_PHRASE = 'delete my account';

/** The password where this API keeps it, else the phrase. */
export class EraseDto {
  /** @example Corr3ct-horse */
  @NullIsAbsent()
  @IsOptional()
  @Verbatim()
  @IsString()
  @Length(1, 1000)
  password?: string;

  /** Where Cognito keeps the password: `delete my account`. */
  @NullIsAbsent()
  @IsOptional()
  @IsIn([ERASE_PHRASE])
  confirm?: string;
}

/** A stretch of one kind of what is stored of the user. */
export class ExportedEntities {
  /** @example tasks */
  entity!: string;
  /** How many are in this stretch. */
  count!: number;
  items!: Record<string, unknown>[];
}

/** How far an erasure is. It names nobody. */
export class ErasureResponse {
  /** @format uuid */
  receiptId!: string;
  /** `running` until nothing of the user is left. */
  status!: 'running' | 'done';
  /** Rows that were removed, by entity. */
  deletedCounts!: Record<string, number>;
  /** @format date-time */
  requestedAt!: string;
  /** @format date-time */
  finishedAt!: string | null;
}
