import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { lineChart } from '../../src/modules/analytics/pictures/line-chart.js';

it('docs/visitors-trend.svg is what the chart draws', () => {
  const points = Array.from({ length: 30 }, (_, day) => ({
    label: `${day + 1} Jun`,
    value: Math.round(60 + 35 * Math.sin(day / 3) + day * 3),
  }));
  const drawn = lineChart('Visitors, last 30 days', points);
  expect(readFileSync('docs/visitors-trend.svg', 'utf8')).toBe(drawn);
});
