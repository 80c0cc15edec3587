import { ApiError, type ErrorDetail } from '../../../http/errors/api-error.js';
import { IMPORT_UNREADABLE } from '../guitars.errors.js';
import { GUITARS_PER_FILE } from './exported-guitar.js';
import { COLUMNS, saidBy } from './guitar-csv.js';

/** What a row says, or why it says nothing. */
export type SaidRow = { readonly says: unknown } | { readonly fault: ErrorDetail };

/** What spreadsheets part columns by, in their several languages. */
const DELIMITERS = [',', ';', '\t'];
const LONGEST_SHOWN = 100;
/** A guitar with as many notes as it may have is shorter. */
const ROW_CHARACTERS = 512 * 1024;
/** Of a file, with a few columns that no guitar has. */
const MAX_CELLS = 2 * (GUITARS_PER_FILE + 1) * COLUMNS.length;
const QUOTE = 0x22;
/** More than the names of all columns take. */
const HEADER_CHARACTERS = 10_000;

/** Of what a client wrote, in a message. */
export const shown = (text: string): string => JSON.stringify(text.slice(0, LONGEST_SHOWN));

export const unreadable = (message: string, rows: readonly ErrorDetail[] = []) =>
  new ApiError(IMPORT_UNREADABLE, { details: [{ field: '', code: 'unreadable', message }, ...rows] });

/** @throws {ApiError} IMPORT_UNREADABLE when it is no CSV, or has a column that no guitar has */
export async function rowsOfCsv(text: string): Promise<SaidRow[]> {
  const { parse } = await import('./csv.late.js');
  const delimiter = delimiterOf(text);
  if (hasMoreCells(text, delimiter, MAX_CELLS)) throw unreadable('It has more cells than 1,000 guitars have');
  let records: string[][];
  try {
    records = parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      to: GUITARS_PER_FILE + 2,
      max_record_size: ROW_CHARACTERS,
    });
  } catch (error) {
    throw unreadable((error as Error).message);
  }
  const [header, ...rows] = records;
  if (!header) throw unreadable('It is empty');
  const columns = columnsOf(header);
  return rows.map((cells) => {
    if (cells.length !== columns.length) return { fault: otherLength(cells.length, columns.length) };
    const named = columns.flatMap((column, position) =>
      column === '' ? [] : [[column, cells[position] ?? '']],
    );
    return { says: saidBy(Object.fromEntries(named) as Record<string, string>) };
  });
}

/** The one that the first line has most of. */
function delimiterOf(text: string): string {
  const [line = ''] = text.slice(0, HEADER_CHARACTERS).split(/[\r\n]/, 1);
  const times = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.reduce((best, each) => (times(each) > times(best) ? each : best));
}

/** Whether a text has more delimiters outside of quotes than so many: a row of a million cells is not built to be refused. */
function hasMoreCells(text: string, delimiter: string, most: number): boolean {
  let [cells, isQuoted] = [0, false];
  const code = delimiter.charCodeAt(0);
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) isQuoted = !isQuoted;
    else if (character === code && !isQuoted) {
      cells += 1;
      if (cells > most) return true;
    }
  }
  return false;
}

/** The columns that a header names, whatever their case; one without a name is passed over. */
function columnsOf(header: readonly string[]): string[] {
  const columns = header.map((cell) => {
    const name = cell.trim();
    const column = COLUMNS.find((each) => each.toLowerCase() === name.toLowerCase());
    if (name !== '' && column === undefined)
      throw unreadable(`There is no column ${shown(name)}; an export shows how columns are named`);
    return column ?? '';
  });
  const twice = columns.find((name, position) => name !== '' && columns.indexOf(name) < position);
  if (twice !== undefined) throw unreadable(`The column ${twice} stands twice`);
  return columns;
}

const otherLength = (cells: number, columns: number): ErrorDetail => ({
  field: '',
  code: 'columns',
  message: `the row has ${cells} cells, and the header ${columns}`,
});
