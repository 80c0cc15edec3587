import { describe, expect, it } from '@jest/globals';
import { exclusionOf } from './visit.js';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const GOOGLEBOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

describe('A hit', () => {
  it.each([
    [{}, undefined, undefined],
    [{ dnt: '0', 'sec-gpc': '0' }, undefined, undefined],
    [{ dnt: '1' }, undefined, 'optedOut'],
    [{ 'sec-gpc': '1' }, undefined, 'optedOut'],
    [{ 'sec-purpose': 'prefetch' }, undefined, 'prefetch'],
    [{ 'sec-purpose': 'prefetch;prerender' }, undefined, 'prefetch'],
    [{ purpose: 'prefetch' }, undefined, 'prefetch'],
    [{ 'x-purpose': 'preview' }, undefined, 'prefetch'],
    [{ 'x-moz': 'prefetch' }, undefined, 'prefetch'],
    [{ 'user-agent': GOOGLEBOT }, undefined, 'bot'],
    [{ 'user-agent': 'curl/8.5.0' }, undefined, 'bot'],
    [{ 'user-agent': 'Mozilla/5.0 HeadlessChrome/130.0' }, undefined, 'bot'],
    [{ 'user-agent': undefined }, undefined, 'bot'],
    [{ 'user-agent': '' }, undefined, 'bot'],
    [{}, 'owner', 'owner'],
    [{}, 'admin', undefined],
    [{}, 'member', undefined],
    [{ dnt: '1', 'user-agent': GOOGLEBOT }, 'owner', 'owner'],
  ] as const)('with %j of %s is excluded as %s', (headers, role, reason) => {
    const visitor = role && { role };
    expect(exclusionOf({ 'user-agent': FIREFOX, ...headers }, visitor)).toBe(reason);
  });
});
