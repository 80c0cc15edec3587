import { escapedText } from '../../../platform/xml-text.js';

/** One point of a line; `label` stands below it. */
export interface ChartPoint {
  readonly label: string;
  readonly value: number;
}

const WIDTH = 720;
const HEIGHT = 240;
const PLOT = { left: 52, right: WIDTH - 20, top: 44, bottom: HEIGHT - 36 };
const STEPS = 4;
const LABELS_EVERY = 7;

/** Colours of at least 4.5 : 1 for text and 3 : 1 for lines (WCAG 2.2), on both grounds. */
const STYLE = `
  .ground { fill: #ffffff }
  .text { fill: #424a53; font: 12px system-ui, -apple-system, 'Segoe UI', sans-serif }
  .title { fill: #1f2328; font: 600 15px system-ui, -apple-system, 'Segoe UI', sans-serif }
  .grid { stroke: #d1d9e0 }
  .line { stroke: #0969da; stroke-width: 2; fill: none; stroke-linejoin: round; stroke-linecap: round }
  .area { fill: #0969da; fill-opacity: .1 }
  .dot { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117 }
    .text { fill: #b1bac4 }
    .title { fill: #f0f6fc }
    .grid { stroke: #30363d }
    .line { stroke: #58a6ff }
    .area { fill: #58a6ff; fill-opacity: .15 }
    .dot { fill: #58a6ff }
  }`;

/** A whole step of 1, 2 or 5 times a power of ten, such that four reach the value. */
export function stepFor(most: number): number {
  const least = Math.max(1, most / STEPS);
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((each) => each * power >= least) ?? 10;
  return Math.max(1, Math.ceil(factor * power));
}

const rounded = (number: number) => Math.round(number * 10) / 10;

/**
 * An SVG of one line over time, in light and dark by what the viewer prefers, with a text for who cannot see it.
 * @param title what it shows @param points in order, at least two
 */
export function lineChart(title: string, points: readonly ChartPoint[]): string {
  const step = stepFor(Math.max(...points.map(({ value }) => value)));
  const top = step * STEPS;
  const x = (position: number) =>
    rounded(PLOT.left + ((PLOT.right - PLOT.left) * position) / (points.length - 1));
  const y = (value: number) => rounded(PLOT.bottom - ((PLOT.bottom - PLOT.top) * value) / top);
  const line = points.map(({ value }, position) => `${x(position)},${y(value)}`).join(' ');
  const grid = Array.from({ length: STEPS + 1 }, (_, row) => {
    const height = y(row * step);
    const text = `<text class="text" x="${PLOT.left - 8}" y="${height + 4}" text-anchor="end">${shortNumberOf(row * step)}</text>`;
    return `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${height}" y2="${height}"/>${text}`;
  });
  const last = points.length - 1;
  const labels = points.flatMap(({ label }, position) =>
    (last - position) % LABELS_EVERY === 0
      ? [
          `<text class="text" x="${x(position)}" y="${PLOT.bottom + 20}" text-anchor="${position === last ? 'end' : 'middle'}">${escapedText(label)}</text>`,
        ]
      : [],
  );
  const end = points[last] ?? { label: '', value: 0 };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escapedText(title)}</title>`,
    `<desc id="desc">${escapedText(spoken(points))}</desc>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}" rx="6"/>`,
    `<text class="title" x="${PLOT.left}" y="26">${escapedText(title)}</text>`,
    ...grid,
    `<polygon class="area" points="${x(0)},${PLOT.bottom} ${line} ${x(last)},${PLOT.bottom}"/>`,
    `<polyline class="line" points="${line}"/>`,
    `<circle class="dot" cx="${x(last)}" cy="${y(end.value)}" r="4"/>`,
    ...labels,
    '</svg>',
    '',
  ].join('\n');
}

/** As people write numbers in English. */
export const numberOf = (value: number): string => value.toLocaleString('en-US');

/** Like 250K, where the digits would leave the picture. */
const shortNumberOf = (value: number): string =>
  value.toLocaleString('en-US', value < 100_000 ? {} : { notation: 'compact', maximumFractionDigits: 2 });

/** The chart in words: its sum, its highest point, and each number. */
function spoken(points: readonly ChartPoint[]): string {
  const sum = points.reduce((total, { value }) => total + value, 0);
  const most = points.reduce((best, each) => (each.value > best.value ? each : best));
  const each = points.map(({ label, value }) => `${label}: ${numberOf(value)}`).join(', ');
  return `${numberOf(sum)} in all, most on ${most.label} (${numberOf(most.value)}). ${each}.`;
}
