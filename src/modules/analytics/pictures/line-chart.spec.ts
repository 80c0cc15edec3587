import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseXml } from '../../../../test/support/xml.js';
import { lineChart, stepFor } from './line-chart.js';

describe('A line chart', () => {
  const values = fc.array(fc.nat({ max: 10_000_000 }), { minLength: 2, maxLength: 40 });

  it('is well-formed, and keeps its line within the picture, whatever the numbers and words', () => {
    fc.assert(
      fc.property(values, fc.string(), (numbers, title) => {
        const svg = lineChart(
          title.replaceAll(/[^\P{Cc}]/gu, ''),
          numbers.map((value, position) => ({ label: `day ${position} <&>`, value })),
        );
        expect(() => parseXml(svg)).not.toThrow();
        const [, points = ''] = /<polyline class="line" points="([^"]+)"/.exec(svg) ?? [];
        const heights = points.split(' ').map((point) => Number(point.split(',')[1]));
        expect(heights).toHaveLength(numbers.length);
        for (const height of heights) {
          expect(height).toBeGreaterThanOrEqual(44);
          expect(height).toBeLessThanOrEqual(204);
        }
      }),
    );
  });

  it('has four whole steps, which reach its highest value', () => {
    expect([0, 1, 4, 5, 9, 21, 40, 41, 999, 1001].map(stepFor)).toEqual([
      1, 1, 1, 2, 5, 10, 10, 20, 500, 500,
    ]);
    fc.assert(fc.property(fc.nat(), (most) => stepFor(most) * 4 >= most));
  });

  it('says in words what it shows', () => {
    const svg = lineChart('Visitors', [
      { label: '1 May', value: 3 },
      { label: '2 May', value: 1200 },
    ]);
    expect(svg).toContain('1,203 in all, most on 2 May (1,200). 1 May: 3, 2 May: 1,200.');
  });
});
