import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { brandKeyOf, guitarsByYear } from './guitar.item.js';

/** What a list can hold between its bounds (`Listings`). */
const WITHIN = /^["-}]*$/;

describe('A brand as part of a key', () => {
  it('holds only what a key may hold, and has a bounded length, whatever the brand', () => {
    const brand = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.string({ unit: 'grapheme', maxLength: 100 }),
    );
    fc.assert(
      fc.property(brand, (text) => {
        fc.pre(text.isWellFormed());
        const key = brandKeyOf(text);
        expect(key).toMatch(WITHIN);
        expect(key).not.toContain('#');
        expect(key.length).toBeLessThanOrEqual(216);
      }),
      { numRuns: 3000 },
    );
    expect(brandKeyOf('\uFDFA'.repeat(100)).length).toBe(216);
  });

  it('is the same for spellings that differ in case, accents and spaces, and for no others', () => {
    for (const [one, other] of [
      ['Höfner', 'HOFNER'],
      ['Höfner', 'Ho\u0308fner'],
      ['C.F.  Martin', 'c.f. martin'],
    ] as const)
      expect(brandKeyOf(one)).toBe(brandKeyOf(other));
    const brands = [
      'Fender',
      'Fender!',
      'Fender~',
      "Fender'",
      'Fender#',
      'Fender*',
      'Fende',
      'Fender (Japan)',
      'Fender %28Japan%29',
    ];
    expect(new Set(brands.map(brandKeyOf)).size).toBe(brands.length);
    const long = 'x'.repeat(300);
    expect(brandKeyOf(`${long}a`)).not.toBe(brandKeyOf(`${long}b`));
  });
});

describe('A range of years', () => {
  it('is compared as text in the order of numbers', () => {
    expect(guitarsByYear('u', 0, 999)).toMatchObject({ from: '0000', to: '0999' });
    expect(guitarsByYear('u')).not.toHaveProperty('from');
  });
});
