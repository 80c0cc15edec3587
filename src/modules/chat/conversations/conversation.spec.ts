import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { titleOf } from './conversation.js';

describe('A title', () => {
  it('is at most fifty characters on one line, and whole where it is short', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (message) => {
        const title = titleOf(message);
        expect([...title].length).toBeLessThanOrEqual(50);
        expect(title).not.toMatch(/[\n\t]|\s{2}/);
        const line = message.replaceAll(/\s+/g, ' ').trim();
        if ([...line].length <= 50) expect(title).toBe(line);
        else expect(line.startsWith(title.slice(0, -1))).toBe(true);
      }),
    );
  });

  it('ends between words where it can', () => {
    expect(titleOf('restring the old guitar and the other guitar that is older')).toBe(
      'restring the old guitar and the other guitar…',
    );
    expect(titleOf('x'.repeat(60))).toBe(`${'x'.repeat(49)}…`);
  });
});
