import { describe, expect, it } from '@jest/globals';
import { isDateOnly } from './validation.decorators.js';

describe('Calendar dates', () => {
  it('are only what a calendar has', () => {
    for (const date of ['2024-02-29', '2025-12-31', '1900-01-01']) expect(isDateOnly(date)).toBe(true);
    const none = [
      '2025-02-29',
      '2025-13-01',
      '2025-00-10',
      '2025-1-1',
      '1899-12-31',
      '20250101',
      '2025-06-25T00:00:00Z',
      '',
    ];
    for (const date of none) expect(isDateOnly(date)).toBe(false);
  });
});
