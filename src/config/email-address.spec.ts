import { describe, expect, it } from '@jest/globals';
import { canonicalEmail } from './email-address.js';

describe('An e-mail address', () => {
  it.each([
    ['Ada@Example.com', 'ada@example.com'],
    ['ａda@example.com', 'ada@example.com'],
    ['x@exämple.com', 'x@exämple.com'],
    ['x@XN--exmple-cua.com', 'x@exämple.com'],
    ['x@EXÄMPLE.com', 'x@exämple.com'],
    ['a@b@example.com', 'a@b@example.com'],
    ['ada', 'ada'],
    ['Ada@', 'ada@'],
  ])('written as %s is %s', (written, canonical) => {
    expect(canonicalEmail(written)).toBe(canonical);
    expect(canonicalEmail(canonical)).toBe(canonical);
  });
});
