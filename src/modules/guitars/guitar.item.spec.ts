import { describe, expect, it } from '@jest/globals';
import { guitarsByYear } from './guitar.item.js';

describe('A range of years', () => {
  it('is compared as text in the order of numbers', () => {
    expect(guitarsByYear('u', 0, 999)).toMatchObject({ from: '0001', to: '0999' });
    expect(guitarsByYear('u')).not.toHaveProperty('from');
  });
});
