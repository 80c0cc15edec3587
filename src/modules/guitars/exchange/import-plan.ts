import {
  type Guitar,
  type GuitarFields,
  folded,
  GUITARS_PER_USER,
  NOTE_BYTES,
  type Note,
  noteBytes,
} from '../guitar.js';
import { faultOfYear, merged } from '../guitar-fields.js';
import type { ErrorDetail } from '../../../http/errors/api-error.js';
import type { ReadGuitar } from '../guitars.repository.js';
import type { ImportedGuitarDto } from './dto/exchange.dto.js';
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

/** Which guitar a row without an id means: the same words name the same guitar. */
function naturalKey({
  brand,
  model,
  year,
  privateInfo,
}: Pick<ImportedGuitarDto, 'brand' | 'model' | 'year' | 'privateInfo'> | Guitar): string {
  return [brand, model, String(year), privateInfo?.serialNumber ?? ''].map(folded).join('\n');
}

interface Source {
  /** A new id. */
  readonly nextId: () => string;
  readonly now: Date;
}

/**
 * What the rows come to on a collection. A row is the guitar of its id; without one, the first of the same brand, model,
 * year and serial number that no other row means, so that the same file twice means the same guitars.
 */
export function planOf(
  rows: readonly ReadRow[],
  collection: readonly ReadGuitar[],
  source: Source,
): Planned[] {
  const byId = new Map(collection.map((read) => [read.guitar.id, read]));
  const named = new Set(rows.flatMap(({ says }) => says.id?.toLowerCase() ?? []));
  const byKey = new Map<string, ReadGuitar[]>();
  for (const read of collection) {
    if (named.has(read.guitar.id)) continue;
    const key = naturalKey(read.guitar);
    byKey.set(key, [...(byKey.get(key) ?? []), read]);
  }
  const seen = new Set<string>();
  let room = GUITARS_PER_USER - collection.length;
  return rows.map(({ row, says }): Planned => {
    const id = says.id?.toLowerCase();
    if (id !== undefined && seen.has(id)) return failed(row, 'id', 'unique', 'another row has the same id');
    if (id !== undefined) seen.add(id);
    const read = id === undefined ? byKey.get(naturalKey(says))?.shift() : byId.get(id);
    const errors = faultOfYear(says.year, source.now);
    const notes = notesOf(says, read?.guitar.notes ?? [], source);
    const fields = merged({ ...says, notes }, errors, read?.guitar);
    if (noteBytes(fields.notes) > NOTE_BYTES)
      errors.push({ field: 'notes', code: 'noteLimit', message: 'notes hold at most 100 KB together' });
    if (errors.length > 0) return { row, outcome: 'failed', errors };
    if (read && isSame(read.guitar, fields)) return { row, outcome: 'unchanged', id: read.guitar.id };
    if (read) return { row, outcome: 'updated', id: read.guitar.id, fields, read };
    if (room <= 0) return failed(row, '', 'guitarLimit', 'a collection holds at most 5,000 guitars');
    room -= 1;
    return { row, outcome: 'created', id: id ?? source.nextId(), fields };
  });
}

const failed = (row: number, field: string, code: string, message: string): Planned => ({
  row,
  outcome: 'failed',
  errors: [{ field, code, message }],
});

/** Notes without an id that say what one says that is there are that one. */
function notesOf(
  { notes }: ImportedGuitarDto,
  standing: readonly Note[],
  { nextId, now }: Source,
): Note[] | undefined {
  if (notes === undefined) return undefined;
  const free = standing.filter(({ id }) => !notes.some((note) => note.id === id));
  return notes.map(({ id, content, createdAt }) => {
    const same = id === undefined ? free.findIndex((note) => note.content === content) : -1;
    const [known] = same < 0 ? standing.filter((note) => note.id === id) : free.splice(same, 1);
    return {
      id: id ?? known?.id ?? nextId(),
      content,
      createdAt: createdAt ?? known?.createdAt ?? now.toISOString(),
    };
  });
}

const isSame = (guitar: Guitar, fields: GuitarFields): boolean =>
  JSON.stringify(exportedOf(guitar)) === JSON.stringify(exportedOf({ ...guitar, ...fields }));
