import { describe, expect, it } from '@jest/globals';
import { changeOf, datesBetween, lastMonths } from './trends.js';

describe('A period', () => {
  it('has every date, over the ends of months and years', () => {
    expect(datesBetween('2027-12-30', '2028-01-02')).toEqual([
      '2027-12-30',
      '2027-12-31',
      '2028-01-01',
      '2028-01-02',
    ]);
    expect(datesBetween('2028-02-28', '2028-03-01')).toHaveLength(3);
    expect(datesBetween('2028-01-01', '2028-01-01')).toEqual(['2028-01-01']);
  });

  it('has every month, over the ends of years', () => {
    expect(lastMonths('2028-02-29', 4)).toEqual(['2027-11', '2027-12', '2028-01', '2028-02']);
    expect(lastMonths('2027-12-31', 1)).toEqual(['2027-12']);
    expect(lastMonths('2028-01-01', 24)[0]).toBe('2026-02');
  });

  it.each([
    [6, 4, 50],
    [4, 6, -33.3],
    [5, 5, 0],
    [0, 3, -100],
    [3, 0, null],
    [0, 0, null],
  ])('with %d after %d has changed by %s percent', (count, previous, change) => {
    const numbers = new Map([
      ['2028-01-02', count],
      ['2028-01-01', previous],
    ]);
    expect(changeOf(numbers, ['2028-01-02'], ['2028-01-01'])).toEqual({ count, previous, change });
  });
});
