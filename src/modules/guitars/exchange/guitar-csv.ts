import { exceededLimit } from '../../../http/validation/json-limits.js';
import { MOST_NOTES, OWN_SPECS, ownSpecsOf, PRICES, SPECS } from '../guitar.js';
import { PLAIN_FIELDS } from '../guitar-fields.js';
import type { ExportedGuitar } from './dto/exchange.dto.js';
import { SHARED_PRIVATE_FIELDS } from './exported-guitar.js';

/** A guitar as cells, by column. */
export type Row = Readonly<Record<string, string>>;

const MAPS = { detailedSpecs: SPECS, privateInfo: SHARED_PRIVATE_FIELDS } as const;

/** Specs that the owner has named, as one JSON object. What it does not name stays: null clears by name. */
const OWN_SPECS_COLUMN = 'otherSpecs';

export const COLUMNS: readonly string[] = [
  'id',
  ...PLAIN_FIELDS,
  ...Object.entries(MAPS).flatMap(([map, fields]) => fields.map((field) => `${map}.${field}`)),
  OWN_SPECS_COLUMN,
  'notes',
];

const NUMBERS: ReadonlySet<string> = new Set([
  'year',
  'numberOfFrets',
  ...PRICES.map((price) => `privateInfo.${price}`),
]);
/** Of a cell: notes with an id, a content and an instant each. */
const NOTES_ENTRIES = 4 * MOST_NOTES;
const BOOLEANS: ReadonlySet<string> = new Set(['caseIncluded']);

/** What spreadsheets execute (OWASP, CSV Injection; also in full width), and the apostrophe that keeps them from it. */
const EXECUTED = /^['=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
const DEFUSED = /^'['=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

export const defused = (cell: string): string => (EXECUTED.test(cell) ? `'${cell}` : cell);
export const armed = (cell: string): string => (DEFUSED.test(cell) ? cell.slice(1) : cell);

type Said = Readonly<Record<string, unknown>>;

export function rowOf(guitar: ExportedGuitar): Row {
  const cells = COLUMNS.map((column) => {
    if (column === OWN_SPECS_COLUMN) return [column, ownSpecsCell(guitar)] as const;
    const [field = '', inner] = column.split('.');
    const value = (guitar as unknown as Said)[field];
    return [column, cellOf(inner === undefined ? value : (value as Said)[inner])] as const;
  });
  return Object.fromEntries(cells);
}

function ownSpecsCell({ detailedSpecs }: ExportedGuitar): string {
  const own = ownSpecsOf(detailedSpecs);
  return Object.keys(own).length === 0 ? '' : JSON.stringify(own);
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return defused(value);
  if (Array.isArray(value)) return value.length === 0 ? '' : JSON.stringify(value);
  return `${value as number}`;
}

/** What a row says, as JSON would: an empty cell clears, a column that is not there says nothing. */
export function saidBy(row: Row): Record<string, unknown> {
  const said: Record<string, unknown> = {};
  for (const [column, cell] of Object.entries(row)) {
    const [field = '', inner] = column.split('.');
    const value = valueOf(column, cell.trim());
    if (column === OWN_SPECS_COLUMN) {
      said['detailedSpecs'] = withOwnSpecs(said['detailedSpecs'], value);
      continue;
    }
    if (inner === undefined) said[field] = value;
    else said[field] = { ...(said[field] as Said | undefined), [inner]: value };
  }
  if (said['id'] === null) delete said['id'];
  return said;
}

/** A cell that is no JSON object stands under its column's name, so that it is refused by it. */
function withOwnSpecs(specs: unknown, own: unknown): unknown {
  if (own === null) return specs ?? {};
  const isMap = typeof own === 'object' && !Array.isArray(own);
  return { ...(specs as Said | undefined), ...(isMap ? own : { [OWN_SPECS_COLUMN]: [] }) };
}

function valueOf(column: string, cell: string): unknown {
  if (column === 'notes') return notesOf(cell);
  if (column === OWN_SPECS_COLUMN) return ownSpecsIn(cell);
  if (cell === '') return null;
  if (NUMBERS.has(column)) return /^\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell;
  if (BOOLEANS.has(column)) return { true: true, false: false }[cell.toLowerCase()] ?? cell;
  return armed(cell);
}

function ownSpecsIn(cell: string): unknown {
  if (cell === '') return null;
  try {
    return exceededLimit(Buffer.from(cell), OWN_SPECS) ? [] : (JSON.parse(cell) as unknown);
  } catch {
    return [];
  }
}

/** As they were exported; or a text, which is one note. */
function notesOf(cell: string): unknown {
  if (cell === '') return [];
  try {
    const notes: unknown = exceededLimit(Buffer.from(cell), NOTES_ENTRIES) ? undefined : JSON.parse(cell);
    if (Array.isArray(notes)) return notes;
  } catch {
    // A person wrote it.
  }
  return [{ content: armed(cell) }];
}
