import type { ErrorDetail } from '../../../http/errors/api-error.js';
import { grouped } from '../../../platform/grouped.js';
import { folded } from '../../../platform/key-text.js';
import { type GuitarFields, GUITARS_PER_USER, type Named, NOTE_BYTES, noteBytes } from '../guitar.js';
import { faultOfYear, merged } from '../guitar-fields.js';
import type { ReadGuitar } from '../guitars.repository.js';
import type { ImportedGuitarDto } from './dto/exchange.dto.js';
import { givenNotes } from '../notes/given-notes.js';
import { exportedOf } from './exported-guitar.js';

/** A row that says what it should; `row` counts from 1. */
export interface ReadRow {
  readonly row: number;
  readonly says: ImportedGuitarDto;
}

/** What becomes of a row. */
export type Planned = { readonly row: number } & (
  | { readonly outcome: 'created'; readonly id: string; readonly fields: GuitarFields }
  | {
      readonly outcome: 'updated';
      readonly id: string;
      readonly fields: GuitarFields;
      readonly read: ReadGuitar;
    }
  | { readonly outcome: 'unchanged'; readonly id: string }
  | { readonly outcome: 'failed'; readonly errors: readonly ErrorDetail[] }
);

const idIn = ({ says }: ReadRow): string | undefined => says.id?.toLowerCase();

/** The rows whose id no row before them has, and those of which one has. */
export function byUniqueId(rows: readonly ReadRow[]): { once: ReadRow[]; again: ReadRow[] } {
  const seen = new Set<string>();
  const [once, again]: [ReadRow[], ReadRow[]] = [[], []];
  for (const row of rows) {
    const id = idIn(row);
    (id !== undefined && seen.has(id) ? again : once).push(row);
    if (id !== undefined) seen.add(id);
  }
  return { once, again };
}

/** Which guitar a row without an id means: the same words name the same guitar. */
const nameOf = ({ brand, model, year, serialNumber }: Omit<Named, 'id'>): string =>
  [brand, model, String(year ?? ''), serialNumber].map(folded).join('\n');

const nameIn = ({ says: { brand, model, year, privateInfo } }: ReadRow): string =>
  nameOf({ brand, model, year: year ?? null, serialNumber: privateInfo?.serialNumber ?? '' });

/**
 * Which guitar each row means: that of its id; without one, the first of the same brand, model, year and serial number
 * that no other row means, so that the same file twice means the same guitars.
 * @param taken guitars that rows before these have made or changed
 */
export function meantBy(
  rows: readonly ReadRow[],
  collection: readonly Named[],
  taken: ReadonlySet<string>,
): Map<number, string> {
  const there = new Set(collection.map(({ id }) => id));
  const named = new Set(rows.flatMap((row) => idIn(row) ?? []));
  const unnamed = collection.filter(({ id }) => !named.has(id) && !taken.has(id));
  const free = grouped(unnamed.toReversed(), nameOf);
  return new Map(
    rows.flatMap((row) => {
      const id = idIn(row);
      const meant = id === undefined ? free.get(nameIn(row))?.pop()?.id : id;
      return meant !== undefined && there.has(meant) ? [[row.row, meant]] : [];
    }),
  );
}

export interface Source {
  /** The guitars that rows mean, by the row's number. */
  readonly meant: ReadonlyMap<number, ReadGuitar>;
  /** How many guitars there are. */
  readonly count: number;
  /** A new id. */
  readonly nextId: () => string;
  readonly now: Date;
}

/** What the rows come to. */
export function planOf(rows: readonly ReadRow[], { meant, count, nextId, now }: Source): Planned[] {
  let room = GUITARS_PER_USER - count;
  return rows.map((readRow): Planned => {
    const { row, says } = readRow;
    const id = idIn(readRow);
    const read = meant.get(row);
    const errors = faultOfYear(says.year, now);
    if (says.privateInfo?.receiptImageId !== undefined) errors.push(NO_RECEIPT);
    const notes = says.notes && givenNotes(says.notes, read?.guitar.notes ?? [], { nextId, now }, errors);
    const fields = withReceiptOf(read, merged({ ...says, notes }, errors, read?.guitar));
    if (noteBytes(fields.notes) > NOTE_BYTES) errors.push(TOO_MANY_NOTES);
    if (errors.length > 0) return { row, outcome: 'failed', errors };
    if (read && isSame(read, fields)) return { row, outcome: 'unchanged', id: read.guitar.id };
    if (read) return { row, outcome: 'updated', id: read.guitar.id, fields, read };
    if (room <= 0) return failed(row, '', 'guitarLimit', 'a collection holds at most 5,000 guitars');
    room -= 1;
    return { row, outcome: 'created', id: id ?? nextId(), fields };
  });
}

const failed = (row: number, field: string, code: string, message: string): Planned => ({
  row,
  outcome: 'failed',
  errors: [{ field, code, message }],
});

export const TOO_MANY_NOTES: ErrorDetail = {
  field: 'notes',
  code: 'noteLimit',
  message: 'notes hold at most 100 KB together, each counted with 100 bytes besides',
};

const NO_RECEIPT: ErrorDetail = {
  field: 'privateInfo.receiptImageId',
  code: 'unknownField',
  message: 'an uploaded receipt is in no file, and stays with its guitar',
};

/** An uploaded receipt stays with its guitar, whatever the file says. */
function withReceiptOf(read: ReadGuitar | undefined, fields: GuitarFields): GuitarFields {
  const receiptImageId = read?.guitar.privateInfo.receiptImageId;
  if (receiptImageId === undefined) return fields;
  return { ...fields, privateInfo: { ...fields.privateInfo, receiptImageId } };
}

const isSame = ({ guitar }: ReadGuitar, fields: GuitarFields): boolean =>
  JSON.stringify(exportedOf(guitar)) === JSON.stringify(exportedOf({ ...guitar, ...fields }));
