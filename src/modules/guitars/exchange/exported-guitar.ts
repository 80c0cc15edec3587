import { type Guitar, ownSpecsOf, PRIVATE_FIELDS, SPECS } from '../guitar.js';
import { PLAIN_FIELDS } from '../guitar-fields.js';
import { amountsOf } from '../money.js';
import type { ExportedGuitar } from './dto/exchange.dto.js';

/** What an import takes at once, so that every page of an export is one. */
export const GUITARS_PER_FILE = 1000;

/** A receipt that was uploaded stays where it is, as photos do. */
export const SHARED_PRIVATE_FIELDS = PRIVATE_FIELDS.filter((field) => field !== 'receiptImageId');

/** Every field by name, so that a guitar which says more is set back to this. */
export function exportedOf(guitar: Guitar): ExportedGuitar {
  const info: Readonly<Record<string, unknown>> = { ...guitar.privateInfo, ...amountsOf(guitar.privateInfo) };
  const all = (map: object, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, (map as Record<string, unknown>)[name] ?? null]));
  return {
    id: guitar.id,
    ...all(guitar, PLAIN_FIELDS),
    detailedSpecs: { ...all(guitar.detailedSpecs, SPECS), ...ownSpecsOf(guitar.detailedSpecs) },
    privateInfo: all(info, SHARED_PRIVATE_FIELDS),
    notes: guitar.notes.map((note) => ({ ...note })),
  } as ExportedGuitar;
}
