import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsString, Length } from 'class-validator';
import { CursorQuery } from '../../../../http/paging/page-query.dto.js';
import {
  AsBoolean,
  AsInstant,
  IsInstant,
  IsOmittable,
  MaxEntries,
  Nested,
  ValidationCode,
  IsId,
} from '../../../../http/validation/validation.decorators.js';
import { NewGuitarDto } from '../../dto/guitar.dto.js';
import { NoteResponse, PlainGuitarFields } from '../../dto/guitar-response.dto.js';
import { MOST_NOTES } from '../../guitar.js';
import { GUITAR_VALIDATION_ERROR } from '../../guitars.errors.js';

const FORMATS = ['csv', 'json'] as const;

@ValidationCode(GUITAR_VALIDATION_ERROR)
export class ExportQuery extends CursorQuery {
  /** CSV for spreadsheets, or JSON. */
  @IsIn(FORMATS)
  format?: (typeof FORMATS)[number] = 'json';
}

@ValidationCode(GUITAR_VALIDATION_ERROR)
export class ImportQuery {
  /** Whether to report only, and to write nothing. */
  @AsBoolean()
  @IsBoolean()
  dryRun?: boolean = false;
}

/** A note; one without an id that says what another says is that one. */
export class ImportedNoteDto {
  @IsOmittable()
  @IsId()
  id?: string;

  @IsString()
  @Length(1, 2000)
  content!: string;

  @IsOmittable()
  @IsInstant()
  @AsInstant()
  createdAt?: string;
}

/** A guitar as it is exported. What is left out stays as it is; `null` clears. */
@MaxEntries(5000)
@ValidationCode(GUITAR_VALIDATION_ERROR)
export class ImportedGuitarDto extends NewGuitarDto {
  /** Which guitar it is. Without it, the one of the same brand, model, year and serial number. */
  @IsOmittable()
  @IsId()
  id?: string;

  /** In place of those that are there. (The import counts them before it looks at each.) */
  @IsOmittable()
  @IsArray()
  @ArrayMaxSize(MOST_NOTES)
  @Nested(() => ImportedNoteDto, { each: true })
  notes?: ImportedNoteDto[];
}

/** What an import takes, and an export gives. */
export class ImportDto {
  /** At most 1,000. */
  guitars!: ImportedGuitarDto[];
  /** As in the query. */
  dryRun?: boolean;
}

/** Everything that a person says of a guitar; photos and an uploaded receipt stay where they are. */
export class ExportedGuitar extends PlainGuitarFields {
  /** @format uuid */
  id!: string;
  /** Every field of it; null where nothing is known. */
  detailedSpecs!: Record<string, string | null>;
  /** Every field of it but an uploaded receipt; null where nothing is known. */
  privateInfo!: Record<string, string | number | null>;
  notes!: NoteResponse[];
}

export class ExportDocument {
  guitars!: ExportedGuitar[];
}

export class RowFault {
  field!: string;
  code!: string;
  message!: string;
}

export class FailedRow {
  /** From 1. */
  row!: number;
  errors!: RowFault[];
}

export class ReportedRow {
  /** From 1. */
  row!: number;
  /** Which guitar it is; null where it is none, or none yet. */
  id!: string | null;
  outcome!: 'created' | 'updated' | 'unchanged' | 'failed';
}

/** What an import did, or would do. */
export class ImportReport {
  dryRun!: boolean;
  created!: number;
  updated!: number;
  unchanged!: number;
  /** At most 50: a file with more is refused, and nothing of it is imported. */
  failed!: FailedRow[];
  /** Every row, in order. */
  rows!: ReportedRow[];
}
