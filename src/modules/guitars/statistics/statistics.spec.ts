import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { statisticsOf } from './statistics.js';

const cents = fc.option(fc.integer({ min: 0, max: 1e11 }), { nil: undefined });
const guitar = fc.record({
  brand: fc.constantFrom('Fender', 'FENDER', 'Gibson', 'Höfner'),
  type: fc.constantFrom('Electric' as const, 'Bass' as const, null),
  year: fc.integer({ min: 1900, max: 2030 }),
  privateInfo: fc
    .record({ currency: fc.constantFrom('EUR', 'JPY'), purchasePrice: cents, currentValue: cents })
    .map((info) => Object.fromEntries(Object.entries(info).filter(([, value]) => value !== undefined))),
});

describe('Statistics', () => {
  it('are the sums of what is known, in whole minor units, and every guitar stands once in each division', () => {
    fc.assert(
      fc.property(fc.array(guitar, { maxLength: 200 }), (guitars) => {
        const { count, byCurrency, byBrand, byType, byDecade } = statisticsOf(guitars);
        const total = (division: readonly { count: number }[]) =>
          division.reduce((sum, each) => sum + each.count, 0);
        expect([count, total(byBrand), total(byType), total(byDecade)]).toEqual(
          Array(4).fill(guitars.length),
        );
        for (const [currency, unit] of [
          ['EUR', 100],
          ['JPY', 1],
        ] as const) {
          const known = guitars.filter(
            ({ privateInfo: { currency: each, purchasePrice, currentValue } }) =>
              each === currency && (purchasePrice ?? currentValue) !== undefined,
          );
          const sum = (of: (info: (typeof known)[number]['privateInfo']) => unknown) =>
            known.reduce(
              (all, { privateInfo }) => all + BigInt((of(privateInfo) as number | undefined) ?? 0),
              0n,
            );
          const value = byCurrency[currency];
          if (known.length === 0) {
            expect(value).toBeUndefined();
            continue;
          }
          const minor = (amount: number | null | undefined) => BigInt(Math.round((amount ?? 0) * unit));
          const both = known.filter(
            ({ privateInfo: { purchasePrice, currentValue } }) =>
              purchasePrice !== undefined && currentValue !== undefined,
          );
          const gain = both.reduce(
            (all, { privateInfo }) =>
              all + BigInt(Number(privateInfo['currentValue']) - Number(privateInfo['purchasePrice'])),
            0n,
          );
          expect([value?.count, minor(value?.purchase), minor(value?.current), minor(value?.gain)]).toEqual([
            known.length,
            sum(({ purchasePrice }) => purchasePrice),
            sum(({ currentValue }) => currentValue),
            gain,
          ]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('can be of one currency alone', () => {
    const one = {
      brand: 'Fender',
      type: null,
      year: 1964,
      privateInfo: { currency: 'EUR', currentValue: 100 },
    };
    expect(statisticsOf([one], 'USD').byCurrency).toEqual({});
    expect(statisticsOf([one], 'EUR').byCurrency).toEqual({
      EUR: { count: 1, purchase: null, current: 1, gain: null },
    });
  });
});
