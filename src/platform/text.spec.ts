import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cleanText, keptText } from './text.js';

const textOf = (raw: string, options?: { verbatim: boolean }) => {
  const cleaned = cleanText(raw, options);
  return 'text' in cleaned ? cleaned.text : undefined;
};
const faultOf = (raw: string) => {
  const cleaned = cleanText(raw);
  return 'fault' in cleaned ? cleaned.fault.code : undefined;
};

describe('A text that comes in', () => {
  it('is trimmed and in NFC, and the same the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (raw) => {
        const text = textOf(raw);
        if (text === undefined) return;
        expect([text, text]).toEqual([text.trim(), text.normalize('NFC')]);
        expect(textOf(text)).toBe(text);
      }),
    );
  });

  it('has no control characters but newline and tab', () => {
    for (let code = 0; code < 0xa0; code += 1) {
      const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
      const isAllowed = code === 0x09 || code === 0x0a;
      expect(faultOf(`a${String.fromCodePoint(code)}b`)).toBe(
        isControl && !isAllowed ? 'noControlCharacters' : undefined,
      );
    }
  });

  it('keeps its spaces where it is verbatim', () => {
    expect(textOf(' a ', { verbatim: true })).toBe(' a ');
  });

  it.each([
    ['half a surrogate pair', 'a\ud800b', 'isWellFormed'],
    ['31 combining marks in a row', `a${'\u0301'.repeat(31)}`, 'combiningMarks'],
    ['a million alternating marks', `a${'\u0315\u0300'.repeat(500_000)}`, 'combiningMarks'],
  ])('with %s is refused', (_, raw, code) => {
    expect(faultOf(raw)).toBe(code);
  });

  it('may have 30 combining marks in a row', () => {
    expect(textOf(`a${'\u0323'.repeat(30)}`)).toBeDefined();
  });
});

describe('A text that nobody can correct', () => {
  it('is kept as far as it can be, and needs no further cleaning', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        expect(faultOf(keptText(raw, 100))).toBeUndefined();
      }),
    );
    expect(keptText('a\u0000b\ud800', 10)).toBe('ab\ufffd');
  });
});
