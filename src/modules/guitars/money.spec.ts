import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountsOf, fromMinor, isCurrency, toMinor } from './money.js';

const decimalsOf = { EUR: 2, USD: 2, JPY: 0, KWD: 3, CLF: 4 } as const;
const currency = fc.constantFrom(...(Object.keys(decimalsOf) as (keyof typeof decimalsOf)[]));

describe('Money', () => {
  it('is the same after it was kept, for every number of minor units', () => {
    fc.assert(
      fc.property(currency, fc.integer({ min: 0, max: 100_000_000_000_000 }), (code, minor) => {
        expect(toMinor(fromMinor(minor, code), code)).toBe(minor);
      }),
      { numRuns: 5000 },
    );
  });

  it('is refused where the currency has no unit that small', () => {
    for (const [code, decimals] of Object.entries(decimalsOf)) {
      expect(toMinor(1 / 10 ** decimals, code)).toBe(1);
      expect(toMinor(1 / 10 ** (decimals + 1), code)).toBeUndefined();
    }
    expect([toMinor(0.1 + 0.2, 'EUR'), toMinor(0.3, 'EUR'), toMinor(1.005, 'EUR')]).toEqual([
      undefined,
      30,
      undefined,
    ]);
  });

  it('has a currency of ISO 4217', () => {
    for (const code of ['EUR', 'SEK', 'KWD']) expect(isCurrency(code)).toBe(true);
    for (const code of ['eur', 'EURO', 'XX', '', 7, null, '__proto__']) expect(isCurrency(code)).toBe(false);
  });

  it('shows the prices that are known, and none without a currency', () => {
    expect(amountsOf({ currency: 'EUR', purchasePrice: 129_950 })).toEqual({ purchasePrice: 1299.5 });
    expect(amountsOf({ serialNumber: 'X' })).toEqual({});
  });
});
