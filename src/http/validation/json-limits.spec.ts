import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exceededLimit, MAX_DEPTH, MAX_ENTRIES, MAX_NAME_LENGTH } from './json-limits.js';

const exceededBy = (text: string, maxEntries?: number) => exceededLimit(Buffer.from(text), maxEntries);

/** The same, counted on the parsed value. */
function sizesOf(value: unknown): { depth: number; entries: number; longestName: number } {
  if (typeof value !== 'object' || value === null) return { depth: 0, entries: 0, longestName: 0 };
  const names = Array.isArray(value) ? [] : Object.keys(value);
  const inside = Object.values(value).map(sizesOf);
  return {
    depth: 1 + Math.max(0, ...inside.map(({ depth }) => depth)),
    entries: inside.length + inside.reduce((sum, { entries }) => sum + entries, 0),
    longestName: Math.max(
      0,
      ...names.map((name) => [...name].length),
      ...inside.map(({ longestName }) => longestName),
    ),
  };
}

describe('The limits of a JSON text', () => {
  it('are the same as of the value that it becomes', () => {
    const names = fc.string({ maxLength: 6 });
    const values = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'binary' }),
        fc.integer(),
        fc.constantFrom(null, true, '[{,"', '\\"', '\\'),
        fc.array(tie('value')),
        fc.dictionary(names, tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 4 }), fc.nat(30), (value, indent, maxEntries) => {
        const { depth, entries } = sizesOf(JSON.parse(JSON.stringify(value)));
        const exceeded = exceededBy(JSON.stringify(value, undefined, indent), maxEntries);
        if (depth <= MAX_DEPTH) expect(exceeded).toBe(entries > maxEntries ? 'maxEntries' : undefined);
      }),
    );
  });

  it('are found where they begin', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(exceededBy(nested(MAX_DEPTH))).toBeUndefined();
    expect(exceededBy(nested(MAX_DEPTH + 1))).toBe('maxDepth');
    const list = (entries: number) => `[${Array(entries).fill('1').join()}]`;
    expect(exceededBy(list(MAX_ENTRIES))).toBeUndefined();
    expect(exceededBy(list(MAX_ENTRIES + 1))).toBe('maxEntries');
    for (const letter of ['k', 'é', '😀', '\\u0041', '\\"']) {
      expect(exceededBy(`{"${letter.repeat(MAX_NAME_LENGTH)}" :1}`)).toBeUndefined();
      expect(exceededBy(`{"${letter.repeat(MAX_NAME_LENGTH + 1)}" :1}`)).toBe('maxNameLength');
      expect(exceededBy(`["${letter.repeat(MAX_NAME_LENGTH + 1)}"]`)).toBeUndefined();
    }
  });

  it('are not asked of what is no JSON: the parser refuses that', () => {
    for (const text of ['', '"', '"\\', ']]]]', '{"a', '{"a":"\\u', '\0'])
      expect(exceededBy(text)).toBeUndefined();
  });
});
