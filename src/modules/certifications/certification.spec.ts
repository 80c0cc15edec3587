import { describe, expect, it } from '@jest/globals';
import { validityOn } from './certification.js';

describe('A certification', () => {
  it.each([
    [null, 'valid'],
    ['2030-07-01', 'valid'],
    ['2030-06-30', 'expiring'],
    ['2030-06-01', 'expiring'],
    ['2030-05-31', 'expiring'],
    ['2030-05-30', 'expired'],
  ])('that expires at %s is %s on 2030-05-31', (expiresAt, validity) => {
    expect(validityOn('2030-05-31', { expiresAt })).toBe(validity);
  });
});
