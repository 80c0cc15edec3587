import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { PRICES, SPECS, TEXTS } from '../guitar.js';
import type { ExportedGuitar } from './dto/exchange.dto.js';
import { SHARED_PRIVATE_FIELDS } from './exported-guitar.js';
import { armed, COLUMNS, defused, rowOf, saidBy } from './guitar-csv.js';

/** Text as it is kept: trimmed, not empty, without control characters. */
const text = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom("'=1", '=1', '@x', '-1', "''", '"', ',', 'a\n"b', '＝1', '0', 'true'),
  )
  .map((each) => each.trim())
  .filter((each) => each !== '' && !/(?![\n\t])\p{Cc}/u.test(each));
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const fieldsOf = (names: readonly string[], value: fc.Arbitrary<unknown>) =>
  fc.record(Object.fromEntries(names.map((name) => [name, optional(value)])));
const price = fc.integer({ min: 0, max: 1e11 }).map((cents) => cents / 100);

const guitar = fc
  .tuple(
    fc.record({
      id: fc.uuid(),
      brand: text,
      model: text,
      year: fc.integer({ min: 1900, max: 2100 }),
      type: optional(text),
      condition: optional(text),
      numberOfFrets: optional(fc.integer({ min: 0, max: 60 })),
      caseIncluded: optional(fc.boolean()),
      detailedSpecs: fieldsOf(SPECS, text),
      notes: fc.array(
        fc.record({ id: fc.uuid(), content: text, createdAt: fc.constant('2025-01-01T00:00:00.000Z') }),
        { maxLength: 3 },
      ),
    }),
    fieldsOf(TEXTS, text),
    fieldsOf(
      SHARED_PRIVATE_FIELDS.filter((field) => !(PRICES as readonly string[]).includes(field)),
      text,
    ),
    fieldsOf(PRICES, price),
  )
  .map(
    ([plain, texts, info, prices]) =>
      ({ ...plain, ...texts, privateInfo: { ...info, ...prices } }) as unknown as ExportedGuitar,
  );

describe('A guitar as a row of CSV', () => {
  it('says the same when it is read back', () => {
    fc.assert(
      fc.property(fc.array(guitar, { maxLength: 4 }), (guitars) => {
        const file = stringify(guitars.map(rowOf), {
          header: true,
          columns: [...COLUMNS],
          bom: true,
          record_delimiter: 'windows',
          quoted_string: true,
        });
        const rows = parse<Record<string, string>>(file, { bom: true, columns: true });
        expect(rows.map(saidBy)).toEqual(guitars);
      }),
      { numRuns: 500 },
    );
  });

  it('has no cell that a spreadsheet would execute', () => {
    fc.assert(
      fc.property(guitar, (one) => {
        for (const cell of Object.values(rowOf(one))) expect(cell).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps every text, defused or not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (each) => expect(armed(defused(each))).toBe(each)),
      { numRuns: 5000 },
    );
    for (const each of ["'=", "''=", "'", "'a", '=', '']) expect(armed(defused(each))).toBe(each);
  });
});
