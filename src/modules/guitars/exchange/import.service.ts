import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { ApiError, ErrorDetail } from '../../../http/errors/api-error.js';
import { boundedDetails } from '../../../http/errors/bounded-details.js';
import { check } from '../../../http/validation/check.js';
import { Clock } from '../../../platform/clock.js';
import { untilCurrent } from '../../../platform/dynamodb/faults.js';
import { IdSource } from '../../../platform/ids.js';
import { MOST_NOTES } from '../guitar.js';
import { GuitarsRepository } from '../guitars.repository.js';
import {
  type FailedRow,
  ImportedGuitarDto,
  type ImportQuery,
  type ImportReport,
} from './dto/exchange.dto.js';
import { GUITARS_PER_FILE } from './exported-guitar.js';
import { rowsOfCsv, type SaidRow, shown, unreadable } from './csv-rows.js';
import { byUniqueId, meantBy, type Planned, planOf, type ReadRow, TOO_MANY_NOTES } from './import-plan.js';

/** A transaction takes 100 writes and 4 MB; one of them is the count. */
const WRITES_AT_ONCE = 50;
const BYTES_AT_ONCE = 2 * 1024 * 1024;
const CHECKED_AT_ONCE = 10;
const FAULTS_PER_ROW = 10;
/** A file with more rows that fail is another kind of file, and the rest of it is not looked at. */
const MAX_FAILED_ROWS = 50;
const MAX_FAULTS = 1000;

/** Brings a file of guitars into the collection. What was done stays done, so that the same file may be sent again. */
@Injectable()
export class ImportService {
  constructor(
    private readonly guitars: GuitarsRepository,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  /** @param body CSV as text, or `{guitars: […]}` @throws {ApiError} IMPORT_UNREADABLE; a row that fails fails alone */
  async run(userId: string, body: unknown, query: ImportQuery): Promise<ImportReport> {
    const { said, dryRun = query.dryRun ?? false } =
      typeof body === 'string' ? { said: await rowsOfCsv(body) } : jsonRows(body);
    if (said.length > GUITARS_PER_FILE) throw unreadable(`It holds more than ${GUITARS_PER_FILE} guitars`);
    const { rows, failed } = await readRows(said);
    const { once, again } = byUniqueId(rows);
    failed.push(...again.map(({ row }) => ({ row, errors: [SAME_ID] })));
    const settled = new Map<number, Planned>();
    await untilCurrent(async () => {
      const { plan, countVersion } = await this.plan(userId, once, settled);
      if (!dryRun) await this.write(userId, plan, countVersion, settled);
      for (const planned of plan) settled.set(planned.row, planned);
    });
    return reportOf([...settled.values()], failed, dryRun);
  }

  /** What becomes of the rows that are not settled yet. */
  private async plan(userId: string, rows: readonly ReadRow[], settled: ReadonlyMap<number, Planned>) {
    const open = rows.filter(({ row }) => !settled.has(row));
    const taken = new Set([...settled.values()].flatMap((planned) => ('id' in planned ? [planned.id] : [])));
    const { guitars, countVersion } = await this.guitars.readNames(userId);
    const ids = meantBy(open, guitars, taken);
    const read = await this.guitars.readMany(userId, [...new Set(ids.values())]);
    const byId = new Map(read.map((each) => [each.guitar.id, each]));
    const meant = new Map(
      [...ids].flatMap(([row, id]) => {
        const each = byId.get(id);
        return each ? [[row, each] as const] : [];
      }),
    );
    const source = { meant, count: guitars.length, nextId: () => this.ids.next(), now: this.clock.now() };
    return { plan: planOf(open, source), countVersion };
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

function jsonRows(body: unknown): { said: readonly SaidRow[]; dryRun?: boolean } {
  const { guitars, dryRun, ...others } = (body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(guitars))
    throw unreadable('The body must be CSV that begins with the names of its columns, or {"guitars": […]}');
  const [other] = Object.keys(others);
  if (other !== undefined) throw unreadable(`${shown(other)} is not a field of this request`);
  if (dryRun !== undefined && typeof dryRun !== 'boolean') throw unreadable('dryRun must be true or false');
  const said = guitars.map((says: unknown) => ({ says }));
  return { said, ...(dryRun !== undefined && { dryRun }) };
}

async function readRows(said: readonly SaidRow[]): Promise<{ rows: ReadRow[]; failed: FailedRow[] }> {
  const rows: ReadRow[] = [];
  const failed: FailedRow[] = [];
  let faults = 0;
  for (const [position, value] of said.entries()) {
    const row = position + 1;
    // Others are answered in between.
    if (position % CHECKED_AT_ONCE === 0) await setImmediate();
    const { dto, details } =
      'fault' in value ? { dto: undefined, details: [value.fault] } : await checkedRow(value.says);
    if (dto !== undefined && details.length === 0) {
      rows.push({ row, says: dto });
      continue;
    }
    faults += details.length;
    if (failed.length >= MAX_FAILED_ROWS || faults > MAX_FAULTS) throw tooManyFailed(failed);
    failed.push({ row, errors: [...boundedDetails(details, FAULTS_PER_ROW)] });
  }
  return { rows, failed };
}

function tooManyFailed(failed: readonly FailedRow[]): ApiError {
  const first = failed.flatMap(({ row, errors }) =>
    errors.slice(0, 1).map((error) => ({
      ...error,
      field: error.field === '' ? `guitars[${row - 1}]` : `guitars[${row - 1}].${error.field}`,
    })),
  );
  return unreadable('Too many of its rows cannot be read; nothing was imported', first);
}

async function checkedRow(
  value: unknown,
): Promise<{ dto?: ImportedGuitarDto; details: readonly ErrorDetail[] }> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return NO_OBJECT;
  const { notes } = value as { notes?: unknown };
  // Before so many are made to be counted.
  if (Array.isArray(notes) && notes.length > MOST_NOTES) return { details: [TOO_MANY_NOTES] };
  return check(ImportedGuitarDto, value);
}

const NO_OBJECT = {
  details: [{ field: '', code: 'isObject', message: 'a guitar must be a JSON object' }],
};
const SAME_ID: ErrorDetail = { field: 'id', code: 'unique', message: 'a row before has the same id' };

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
