import sharp from 'sharp';

/** A guitar of the demonstration: what is sent, what is noted, and the colours that it is drawn in. */
export interface DemoGuitar {
  readonly guitar: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
  readonly colors: readonly [body: string, edge: string];
}

const guitar = (
  [brand, model, year, type, condition]: readonly [string, string, number, string, string],
  [color, purchasePrice, currentValue]: readonly [string, number, number],
  colors: DemoGuitar['colors'],
  notes: readonly string[] = [],
): DemoGuitar => ({
  guitar: {
    brand,
    model,
    year,
    type,
    condition,
    color,
    privateInfo: { purchasePrice, currentValue, currency: 'EUR', serialNumber: `${year}-${model.length}` },
  },
  notes,
  colors,
});

export const DEMO_GUITARS: readonly DemoGuitar[] = [
  guitar(
    ['Fender', 'Stratocaster', 1964, 'Electric', 'Very Good'],
    ['Sunburst', 9500, 14_000],
    ['#e8a33d', '#5b2a0c'],
    [
      'Strings: 10-46, changed before the spring concert.',
      'Second string buzzes at the seventh fret in winter.',
    ],
  ),
  guitar(
    ['Gibson', 'Les Paul Standard', 2003, 'Electric', 'Excellent'],
    ['Cherry', 1450.5, 1900],
    ['#b3202c', '#4d0a10'],
  ),
  guitar(
    ['Martin', 'D-28', 1978, 'Acoustic', 'Good'],
    ['Natural', 2100, 2650],
    ['#d9a766', '#7a4b1f'],
    ['Neck reset in 2016.'],
  ),
  guitar(['Höfner', '500/1', 1967, 'Bass', 'Good'], ['Sunburst', 1800, 2200], ['#c9822b', '#3b1a06']),
  guitar(['Yamaha', 'CG162S', 2011, 'Classical', 'Very Good'], ['Natural', 320, 250], ['#e3c08b', '#8a5a2b']),
];

/** A photo, as good as it gets without a camera: a JPEG of 1,200 by 1,600 pixels. */
export function drawingOf([body, edge]: DemoGuitar['colors']): Promise<Buffer> {
  const strings = Array.from({ length: 6 }, (_, string) => 585 + string * 6)
    .map((x) => `<line x1="${x}" y1="150" x2="${x}" y2="1270" stroke="#ddd" stroke-width="2"/>`)
    .join('');
  const frets = Array.from({ length: 20 }, (_, fret) => 260 + 620 * (1 - 2 ** (-fret / 9)))
    .map((y) => `<line x1="572" y1="${y}" x2="628" y2="${y}" stroke="#bbb" stroke-width="3"/>`)
    .join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="1600" viewBox="0 0 1200 1600">
    <defs>
      <linearGradient id="wall" x2="0" y2="1"><stop stop-color="#f3efe8"/><stop offset="1" stop-color="#c9c2b5"/></linearGradient>
      <radialGradient id="wood"><stop offset=".3" stop-color="${body}"/><stop offset="1" stop-color="${edge}"/></radialGradient>
    </defs>
    <rect width="1200" height="1600" fill="url(#wall)"/>
    <ellipse cx="600" cy="1490" rx="330" ry="30" fill="#0003"/>
    <path d="M600 820C480 760 380 800 375 900c-4 80 55 110 30 190-35 105-85 140-75 245 12 115 140 140 270 140s258-25 270-140c10-105-40-140-75-245-25-80 34-110 30-190C820 800 720 760 600 820Z" fill="url(#wood)" stroke="${edge}" stroke-width="8"/>
    <circle cx="600" cy="1060" r="62" fill="#1b130d"/>
    <rect x="540" y="1250" width="120" height="34" rx="8" fill="#1b130d"/>
    <rect x="572" y="230" width="56" height="770" fill="#3a2416"/>
    <path d="M562 90h76l14 140h-104Z" fill="${edge}"/>
    ${frets}${strings}
  </svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 85 }).toBuffer();
}
