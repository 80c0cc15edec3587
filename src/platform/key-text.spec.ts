import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyTextOf } from './key-text.js';

/** What a list can hold between its bounds (`Listings`). */
const WITHIN = /^["-}]*$/;

describe('A text as part of a key', () => {
  it('holds only what a key may hold, and has a bounded length, whatever the text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.string({ unit: 'grapheme', maxLength: 100 }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(text.isWellFormed());
        const key = keyTextOf(text);
        expect(key).toMatch(WITHIN);
        expect(key).not.toContain('#');
        expect(key.length).toBeLessThanOrEqual(216);
      }),
      { numRuns: 3000 },
    );
    expect(keyTextOf('\uFDFA'.repeat(100)).length).toBe(216);
  });

  it('is the same for spellings that differ in case, accents and spaces, and for no others', () => {
    for (const [one, other] of [
      ['Höfner', 'HOFNER'],
      ['Höfner', 'Ho\u0308fner'],
      ['C.F.  Martin', 'c.f. martin'],
    ] as const)
      expect(keyTextOf(one)).toBe(keyTextOf(other));
    const different = [
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
    expect(new Set(different.map(keyTextOf)).size).toBe(different.length);
    const long = 'x'.repeat(300);
    expect(keyTextOf(`${long}a`)).not.toBe(keyTextOf(`${long}b`));
  });
});
