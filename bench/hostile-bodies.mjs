// Bodies that are made to cost, each about as large as its route takes. Every one of them has a fault, so that none is
// done: what is measured is what a refusal costs.

const filled = (piece, bytes) => piece.repeat(Math.floor(bytes / Buffer.byteLength(piece)));
/** Entries side by side until the size is reached. */
const list = (entry, bytes) => `[${filled(`${entry},`, bytes)}${entry}]`;
const escape = String.raw;

/** JSON of about so many bytes around what is in a field of the route. */
const inField = (field, makeValue, bytes) => `{"${field}":${makeValue(bytes - 100)},"unknown":1}`;
const text = (piece) => (bytes) => `"${filled(piece, bytes)}"`;

const VALUES = {
  'empty arrays': (bytes) => list('[]', bytes),
  'empty objects': (bytes) => list('{}', bytes),
  nulls: (bytes) => list('null', bytes),
  numbers: (bytes) => list('1e300', bytes),
  'short strings': (bytes) => list('"a"', bytes),
  'faulty strings': (bytes) => list(escape`"\u0000"`, bytes),
  'long strings, 1,900 of them': (bytes) =>
    `[${Array(1900)
      .fill(text('a')(bytes / 1950))
      .join()}]`,
  'faulty strings, 1,900 of them': (bytes) =>
    `[${Array(1900)
      .fill(text(escape`\u0000`)(bytes / 1950))
      .join()}]`,
  'objects of one field': (bytes) => list('{"a":1}', bytes),
  '1,900 operations': () => `[${Array(1900).fill('{}').join()}]`,
  'arrays in arrays': (bytes) => `${'['.repeat(bytes / 2)}${']'.repeat(bytes / 2)}`,
  'objects in objects': (bytes) => `${filled('{"a":', bytes / 1.2)}1${'}'.repeat(bytes / 6)}`,
  'arrays in arrays, 30 deep': (bytes) => `${'['.repeat(30)}${list('1', bytes)}${']'.repeat(30)}`,
  'a number of a million digits': (bytes) => '9'.repeat(bytes),
  'a fraction of a million digits': (bytes) => `0.${'3'.repeat(bytes)}`,
  letters: text('a'),
  'escaped letters': text(escape`\u0061`),
  'escaped quotes': text(escape`\"`),
  'escaped backslashes': text(escape`\\`),
  'control characters': text(escape`\u0000`),
  lines: text(escape`\r\n`),
  spaces: text(' '),
  'two combining marks in turn': text('\u0315\u0300'),
  'one combining mark': text('\u0301'),
  '30 combining marks a letter': text(`a${'\u0315\u0300'.repeat(15)}`),
  'letters with one mark': text('a\u0323'),
  'Hangul in parts': text('\u1112\u1161\u11ab'),
  ideographs: text('弦'),
  ligatures: text('\ufdfa'),
  emoji: text('👩‍👩‍👧‍👦'),
  'variation selectors': text('a\ufe0f'),
  'halves of characters': text(escape`\ud800`),
  'halves of characters after letters': (bytes) => `"${'é'.repeat(bytes / 2 - 10)}\\udc00"`,
  'addresses in one': text('a@b.'),
  'dots before an at': (bytes) => `"${filled('a.', bytes)}@example.com"`,
  'quoted addresses': (bytes) => `"\\"${filled('a ', bytes)}\\"@example.com"`,
  'an endless URL': (bytes) => `"https://${filled('a-', bytes)}.example.com"`,
  'an endless date': (bytes) => `"2025-01-01T${'0'.repeat(bytes)}Z"`,
  'an endless time zone': (bytes) => `"Europe/${filled('A/', bytes)}"`,
};

const BODIES = {
  'a name of 100,000 over faults': (bytes) =>
    `{"${'k'.repeat(100_000)}":${list(escape`"\u0000"`, bytes - 100_010)}}`,
  'a name as long as the body': (bytes) => `{"${'k'.repeat(bytes - 10)}":1}`,
  '1,900 names of 190 over faults': () =>
    `{${Array.from({ length: 1900 }, (_, at) => `"${'k'.repeat(190)}${at}":"\\u0000"`).join()}}`,
  '190 control characters a name': () =>
    `{${Array.from({ length: 850 }, (_, at) => `"${escape`\u0001`.repeat(190)}${at}":1`).join()}}`,
  'unknown fields': (bytes) => `{${Array.from({ length: bytes / 10 - 10 }, (_, at) => `"f${at}":1`).join()}}`,
  '1,900 unknown fields': () => `{${Array.from({ length: 1900 }, (_, at) => `"f${at}":1`).join()}}`,
  'one name again and again': (bytes) => `{${filled('"a":1,', bytes - 10)}"a":1}`,
  '__proto__ in __proto__': () => `${'{"__proto__":'.repeat(31)}1${'}'.repeat(31)}`,
  'names of every object': () => `{"constructor":{"prototype":1},"toString":{"valueOf":{"constructor":1}}}`,
  'white space': (bytes) => `{"unknown":${' '.repeat(bytes - 20)}1}`,
  'JSON that breaks off': (bytes) => `{"a":"${'x'.repeat(bytes - 10)}`,
  'a byte that is no UTF-8 at the end': (bytes) =>
    Buffer.concat([Buffer.from(`{"a":"${'é'.repeat(bytes / 2 - 10)}`), Buffer.from([0xff])]),
};

const CSV = {
  commas: (bytes) => filled(',', bytes),
  lines: (bytes) => `brand,model,year\n${filled('\n', bytes - 20)}`,
  quotes: (bytes) => `brand,model,year\n${filled('""', bytes - 20)}`,
  'a quote that never ends': (bytes) => `brand,model,year\n"${filled('a', bytes - 20)}`,
  '1,000 wrong rows': () => `brand,model,year\n${',,x\n'.repeat(1000)}`,
  'cells of combining marks': (bytes) => `brand,model,year\n"${filled('\u0315\u0300', bytes - 40)}",a,1964\n`,
  'notes in notes': (bytes) => `brand,model,year,notes\na,b,1964,"${'['.repeat(bytes - 60)}"\n`,
  'as many notes as fit, in every row': (bytes) => {
    const row = `a,b,1964,"[${Array(600).fill('{""content"":""""}').join()}]"\n`;
    return `brand,model,year,notes\n${filled(row, bytes - 30)}`;
  },
};

const GUITARS = {
  '1,000 empty guitars': () => `{"guitars":[${Array(1000).fill('{}').join()}]}`,
  '1,000 guitars of 190 unknown fields': () => {
    const guitar = `{${Array.from({ length: 190 }, (_, at) => `"f${at}":1`).join()}}`;
    return `{"guitars":[${Array(1000).fill(guitar).join()}]}`;
  },
  '1,000 guitars of faulty text': (bytes) =>
    `{"guitars":[${Array(1000)
      .fill(`{"brand":"${filled('\u0315\u0300', bytes / 1000 - 60)}"}`)
      .join()}]}`,
};

/**
 * Bodies for a route, by what they are.
 * @param field of the route, which holds text
 * @param bytes that the route takes
 * @param takesFile whether it is the import of guitars
 */
export function hostileBodies({ field, bytes, takesFile }) {
  const json = (makers, wrap) =>
    Object.entries(makers).map(([name, make]) => ({ name, type: 'application/json', body: wrap(make) }));
  const size = Math.floor(bytes) - 1024;
  const bodies = [
    ...json(VALUES, (make) => inField(field, make, size)),
    ...json(BODIES, (make) => make(size)),
  ];
  if (!takesFile) return bodies;
  const rows = Object.entries(CSV).map(([name, make]) => ({ name, type: 'text/csv', body: make(size) }));
  return [...bodies, ...json(GUITARS, (make) => make(size)), ...rows];
}

/** A body of the same size that fails on one unknown field with a plain text. */
export const plainBody = (bytes) => `{"unknown":"${'a'.repeat(Math.max(1, bytes - 16))}"}`;
