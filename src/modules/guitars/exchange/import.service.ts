import { Injectable } from '@nestjs/common';
import { ApiError, type ErrorDetail } from '../../../http/errors/api-error.js';
import { check } from '../../../http/validation/check.js';
import { Clock } from '../../../platform/clock.js';
import { untilCurrent } from '../../../platform/dynamodb/faults.js';
import { IdSource } from '../../../platform/ids.js';
import { IMPORT_UNREADABLE } from '../guitars.errors.js';
import { GuitarsRepository } from '../guitars.repository.js';
import {
  type FailedRow,
  ImportedGuitarDto,
  type ImportQuery,
  type ImportReport,
} from './dto/exchange.dto.js';
import { GUITARS_PER_FILE } from './exported-guitar.js';
import { COLUMNS, type Row, saidBy } from './guitar-csv.js';
import { type Planned, planOf, type ReadRow } from './import-plan.js';

/** A transaction takes 100 writes and 4 MB; one of them is the count. */
const WRITES_AT_ONCE = 50;
const BYTES_AT_ONCE = 2 * 1024 * 1024;

/** Brings a file of guitars into the collection. What was done stays done, so that the same file may be sent again. */
@Injectable()
export class ImportService {
  constructor(
    private readonly guitars: GuitarsRepository,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  /** @param body CSV as text, or `{guitars: […]}` @throws {ApiError} IMPORT_UNREADABLE; a row that fails fails alone */
  async run(userId: string, body: unknown, { dryRun = false }: ImportQuery): Promise<ImportReport> {
    const said = typeof body === 'string' ? await csvRows(body) : jsonRows(body);
    if (said.length > GUITARS_PER_FILE) throw unreadable(`It holds ${said.length} guitars`);
    const { rows, failed } = await readRows(said);
    const settled = new Map<number, Planned>();
    await untilCurrent(async () => {
      const { guitars, countVersion } = await this.guitars.readAll(userId);
      const open = rows.filter(({ row }) => !settled.has(row));
      const plan = planOf(open, guitars, { nextId: () => this.ids.next(), now: this.clock.now() });
      if (!dryRun) await this.write(userId, plan, countVersion, settled);
      for (const planned of plan) settled.set(planned.row, planned);
    });
    return reportOf([...settled.values()], failed, dryRun);
  }

  /** In transactions of some rows each. @throws {StaleVersion} when the collection has changed since it was read */
  private async write(
    userId: string,
    plan: readonly Planned[],
    countVersion: number | undefined,
    settled: Map<number, Planned>,
  ): Promise<void> {
    let version = countVersion;
    for (const lot of lotsOf(plan)) {
      const created = lot.filter(({ outcome }) => outcome === 'created').length;
      const writes = lot.flatMap((planned) => {
        if (planned.outcome === 'created') return [this.guitars.creation(userId, planned.id, planned.fields)];
        return planned.outcome === 'updated' ? [this.guitars.replacement(planned.read, planned.fields)] : [];
      });
      if (created > 0) {
        writes.push(this.guitars.countedSince(userId, created, version));
        version = (version ?? 0) + 1;
      }
      await this.guitars.commit(writes);
      for (const planned of lot) settled.set(planned.row, planned);
    }
  }
}

/** What is written together. */
function lotsOf(plan: readonly Planned[]): Planned[][] {
  const lots: Planned[][] = [];
  let [lot, bytes]: [Planned[], number] = [[], 0];
  for (const planned of plan) {
    if (planned.outcome !== 'created' && planned.outcome !== 'updated') continue;
    const size = Buffer.byteLength(JSON.stringify(planned.fields));
    if (lot.length >= WRITES_AT_ONCE || bytes + size > BYTES_AT_ONCE) {
      lots.push(lot);
      [lot, bytes] = [[], 0];
    }
    lot.push(planned);
    bytes += size;
  }
  return lot.length > 0 ? [...lots, lot] : lots;
}

async function csvRows(text: string): Promise<Record<string, unknown>[]> {
  const { parse } = await import('./csv.late.js');
  let rows: Row[];
  try {
    rows = parse(text, {
      bom: true,
      columns: (header: string[]) => header.map(knownColumn),
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      to: GUITARS_PER_FILE + 1,
    });
  } catch (error) {
    throw error instanceof ApiError ? error : unreadable((error as Error).message);
  }
  return rows.map(saidBy);
}

function knownColumn(name: string): string | false {
  const column = name.trim();
  if (column === '') return false;
  if (!COLUMNS.includes(column)) throw unreadable(`There is no column ${column}`);
  return column;
}

function jsonRows(body: unknown): readonly unknown[] {
  const { guitars } = (body ?? {}) as { guitars?: unknown };
  if (!Array.isArray(guitars)) throw unreadable('guitars must be an array');
  return guitars;
}

async function readRows(said: readonly unknown[]): Promise<{ rows: ReadRow[]; failed: FailedRow[] }> {
  const rows: ReadRow[] = [];
  const failed: FailedRow[] = [];
  for (const [position, value] of said.entries()) {
    const row = position + 1;
    const plain = typeof value === 'object' && value !== null && !Array.isArray(value);
    const { dto, details } = plain ? await check(ImportedGuitarDto, value) : NO_OBJECT;
    if (dto === undefined || details.length > 0) failed.push({ row, errors: [...details] });
    else rows.push({ row, says: dto });
  }
  return { rows, failed };
}

const NO_OBJECT = {
  dto: undefined,
  details: [{ field: '', code: 'isObject', message: 'a guitar must be a JSON object' }] as ErrorDetail[],
};

function reportOf(planned: readonly Planned[], unread: readonly FailedRow[], dryRun: boolean): ImportReport {
  const failed = [
    ...unread,
    ...planned.flatMap((each) =>
      each.outcome === 'failed' ? [{ row: each.row, errors: [...each.errors] }] : [],
    ),
  ];
  const count = (outcome: Planned['outcome']) => planned.filter((each) => each.outcome === outcome).length;
  const rows = [
    ...unread.map(({ row }) => ({ row, id: null, outcome: 'failed' as const })),
    ...planned.map((each) => ({ row: each.row, id: idOf(each, dryRun), outcome: each.outcome })),
  ];
  return {
    dryRun,
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    failed: failed.sort(byRow),
    rows: rows.sort(byRow),
  };
}

const idOf = (planned: Planned, dryRun: boolean): string | null =>
  planned.outcome === 'failed' || (dryRun && planned.outcome === 'created') ? null : planned.id;

const byRow = (one: { row: number }, other: { row: number }) => one.row - other.row;

const unreadable = (message: string) =>
  new ApiError(IMPORT_UNREADABLE, { details: [{ field: '', code: 'unreadable', message }] });
