import { describe, expect, it } from '@jest/globals';
import { matchesAny, versionsOf } from './etag.js';

describe('If-None-Match', () => {
  it.each([
    ['"a"', '"a"', true],
    ['W/"a"', '"a"', true],
    ['"a"', 'W/"a"', true],
    ['"b", "a"', '"a"', true],
    ['*', '"a"', true],
    ['"b"', '"a"', false],
    ['', '"a"', false],
  ])('%s against %s: %s', (header, etag, matches) => {
    expect(matchesAny(header, etag)).toBe(matches);
  });
});

describe('If-Match', () => {
  it.each([
    [undefined, undefined],
    ['*', undefined],
    ['"v3-abc"', [3]],
    ['"v3-abc", "v4-d_-e"', [3, 4]],
    ['W/"v3-abc"', []],
    ['"3"', []],
    ['"v-1-abc"', []],
    ['', []],
  ])('%s names %j', (header, versions) => {
    expect(versionsOf(header)).toEqual(versions);
  });
});
