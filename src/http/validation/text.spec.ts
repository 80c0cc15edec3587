import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normalise } from './text.js';

const none: ReadonlySet<string> = new Set();

describe('Text that comes in', () => {
  it('is the same the second time: what was kept once is kept', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const once = normalise(value, none);
        if (once.faults.length > 0) return;
        expect(normalise(once.value, none)).toEqual(once);
      }),
    );
  });

  it('is trimmed and in NFC, wherever it stands', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { value, faults } = normalise({ a: [{ b: text }] }, none);
        if (faults.length > 0) return;
        const { b } = (value as { a: [{ b: string }] }).a[0];
        expect(b).toBe(b.trim());
        expect(b).toBe(b.normalize('NFC'));
      }),
    );
  });

  it('has no control characters but newline and tab', () => {
    for (let code = 0; code < 0xa0; code += 1) {
      const control = code < 0x20 || (code >= 0x7f && code < 0xa0);
      const allowed = code === 0x09 || code === 0x0a;
      const { faults } = normalise(`a${String.fromCodePoint(code)}b`, none);
      expect(faults.length > 0).toBe(control && !allowed);
    }
  });

  it('keeps its spaces where the field is verbatim', () => {
    expect(normalise({ password: ' a ' }, new Set(['password'])).value).toEqual({ password: ' a ' });
  });

  it('reaches no prototype', () => {
    const { value, faults } = normalise(JSON.parse('{"__proto__":{"admin":true},"constructor":1}'), none);
    expect(faults.map(({ code }) => code)).toEqual(['unknownField', 'unknownField']);
    expect((value as { admin?: boolean }).admin).toBeUndefined();
  });
});
