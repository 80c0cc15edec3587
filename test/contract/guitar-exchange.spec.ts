import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Answer } from '../support/client.js';
import { image, receipt } from '../support/photos.js';
import { type Person, TestApp } from '../support/test-app.js';

const CSV = { 'Content-Type': 'text/csv' };
type Format = 'csv' | 'json';

describe('Export and import', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());

  const create = async ({ client }: Person, body: object = {}) =>
    (await client.post('/v1/guitars', { brand: 'Fender', model: 'Stratocaster', year: 1964, ...body })).data;
  const exported = ({ client }: Person, format: Format = 'json') =>
    client.get(`/v1/guitars/export?format=${format}`);
  const send = ({ client }: Person, raw: string, format: Format = 'json', query = '') =>
    client.post(`/v1/guitars/import${query}`, undefined, { raw, ...(format === 'csv' && { headers: CSV }) });
  const sendRows = (person: Person, guitars: unknown[], query = '') =>
    send(person, JSON.stringify({ guitars }), 'json', query);
  const all = async ({ client }: Person) => (await client.get('/v1/guitars?limit=100')).data;
  const counts = ({ data: { created, updated, unchanged, failed } }: Answer) => [
    created,
    updated,
    unchanged,
    failed.length,
  ];
  const said = (guitars: Record<string, unknown>[]) =>
    guitars.map(({ createdAt: _c, updatedAt: _u, version: _v, ...rest }) => rest);
  const wipe = async (person: Person) => {
    for (const { id } of await all(person)) await person.client.delete(`/v1/guitars/${id}`);
  };

  it('export is a file of its format', async () => {
    const person = await app.person();
    await create(person);
    const json = await exported(person);
    expect(json.headers['content-disposition']).toBe('attachment; filename="guitars.json"');
    expect(json.body['guitars']).toHaveLength(1);
    const csv = await exported(person, 'csv');
    expect(csv.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="guitars.csv"',
    });
    expect(csv.headers['link']).toBeUndefined();
    expect(csv.text.split('\r\n')).toHaveLength(3);
    expect((await person.client.get('/v1/guitars/export?format=xml')).error.code).toBe(
      'GUITAR_VALIDATION_ERROR',
    );
  });

  // What a person may write: any text, which a server trims and brings into NFC, without control characters.
  const text = (most: number) =>
    fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: most })
      .map((each) => each.normalize('NFC').trim())
      .filter((each) => each !== '' && each.length <= most && !/\p{Cc}/u.test(each) && each.isWellFormed());
  const awkward = fc.oneof(
    text(40),
    fc.constantFrom(
      '=1+1',
      '+1',
      '-1',
      '@SUM(A1)',
      "'quoted",
      "'=1",
      "''",
      'a,b',
      'a "b" c',
      'a\nb',
      ';',
      '\\',
      'true',
      '007',
      '1e3',
      'null',
      '＝1',
      '#N/A',
      '"',
    ),
  );
  const guitarOf = fc.record(
    {
      brand: awkward,
      model: awkward,
      year: fc.integer({ min: 1900, max: 2026 }),
      type: fc.constantFrom('Electric', 'Bass'),
      condition: fc.constantFrom('Mint', 'Very Good'),
      color: awkward,
      nut: awkward,
      numberOfFrets: fc.integer({ min: 0, max: 60 }),
      caseIncluded: fc.boolean(),
      detailedSpecs: fc.record({ weight: awkward, headstock: awkward }, { requiredKeys: [] }),
      privateInfo: fc.record(
        {
          serialNumber: awkward,
          purchaseDate: fc.constantFrom('1999-12-31', '2024-02-29'),
          insuranceInfo: awkward,
          receiptUrl: fc.constant('https://example.com/a?b=c&d="e"'.replaceAll('"', '%22')),
          currency: fc.constantFrom('EUR', 'KWD'),
          purchasePrice: fc.integer({ min: 0, max: 99_999_999_999 }).map((cents) => cents / 100),
        },
        { requiredKeys: ['currency'] },
      ),
      notes: fc.array(awkward, { maxLength: 3 }),
    },
    { requiredKeys: ['brand', 'model', 'year', 'notes'] },
  );

  it.each<Format>(['csv', 'json'])(
    'export as %s, wipe, import gives the identical collection',
    async (format) => {
      const person = await app.person();
      await fc.assert(
        fc.asyncProperty(fc.array(guitarOf, { minLength: 1, maxLength: 6 }), async (guitars) => {
          await wipe(person);
          for (const { notes, ...guitar } of guitars) {
            const { id } = await create(person, guitar);
            for (const content of notes) await person.client.post(`/v1/guitars/${id}/notes`, { content });
          }
          const before = await all(person);
          const file = (await exported(person, format)).text;
          expect(counts(await send(person, file, format))).toEqual([0, 0, before.length, 0]);
          await wipe(person);
          expect(await all(person)).toEqual([]);
          expect(counts(await send(person, file, format))).toEqual([before.length, 0, 0, 0]);
          expect(said(await all(person))).toEqual(said(before));
          expect((await exported(person, format)).text).toBe(file);
          expect(counts(await send(person, file, format))).toEqual([0, 0, before.length, 0]);
        }),
        { numRuns: 8 },
      );
    },
  );

  it('a file sets back what has changed since, and leaves photos alone', async () => {
    const person = await app.person();
    const guitar = await create(person, { color: 'Red', privateInfo: { currentValue: 5, currency: 'EUR' } });
    const { text: file } = await exported(person, 'csv');
    await image(person, undefined, { guitarId: guitar.id });
    await person.client.put(`/v1/guitars/${guitar.id}`, {
      color: 'Blue',
      nut: 'Bone',
      detailedSpecs: { weight: '3 kg' },
      privateInfo: null,
    });
    expect(counts(await send(person, file, 'csv'))).toEqual([0, 1, 0, 0]);
    const [back] = await all(person);
    expect(back).toMatchObject({
      color: 'Red',
      nut: null,
      detailedSpecs: {},
      privateInfo: { currentValue: 5, currency: 'EUR' },
    });
    expect(back.images).toHaveLength(1);
  });

  it('defuses what a spreadsheet would execute', async () => {
    const person = await app.person();
    await create(person, {
      color: '=HYPERLINK("http://evil.example","x")',
      nut: '@SUM(1)',
      finish: '-1+1',
      bridge: "'=1",
      // Some readers begin a row at any line break that is not quoted.
      electronics: 'red\n=1+1',
    });
    const cells = (await exported(person, 'csv')).text.split('\r\n')[1] ?? '';
    expect(cells).toContain(`"'=HYPERLINK(""http://evil.example"",""x"")"`);
    for (const cell of [`"'@SUM(1)"`, `"'-1+1"`, `"''=1"`, '"red\n=1+1"']) expect(cells).toContain(cell);
    expect(cells).not.toMatch(/(^|,|")[=@+-]/);
  });

  it('a dry run reports the same and writes nothing', async () => {
    const person = await app.person();
    const guitar = await create(person);
    const rows = [
      { id: guitar.id, brand: 'Fender', model: 'Stratocaster', year: 1964, color: 'Red' },
      { brand: 'Gibson', model: 'SG', year: 1961 },
      { brand: 'Gibson', year: 1961 },
    ];
    const dry = await sendRows(person, rows, '?dryRun=true');
    expect(dry.data).toMatchObject({
      dryRun: true,
      created: 1,
      updated: 1,
      unchanged: 0,
      failed: [{ row: 3, errors: [{ field: 'model', code: 'required' }] }],
      rows: [
        { row: 1, id: guitar.id, outcome: 'updated' },
        { row: 2, id: null, outcome: 'created' },
        { row: 3, id: null, outcome: 'failed' },
      ],
    });
    expect(await all(person)).toEqual([guitar]);
    const real = await sendRows(person, rows);
    expect(counts(real)).toEqual(counts(dry));
    expect(real.data.rows[1].id).toBe((await all(person))[0].id);
  });

  it('rows without an id are the guitars of the same brand, model, year and serial number', async () => {
    const person = await app.person();
    const twins =
      'brand,model,year,color,notes\r\nFender,Strat,1964,Red,Bought twice\r\nFender,Strat,1964,Red,\r\nfënder,STRAT,1964,Blue,\r\n';
    expect(counts(await send(person, twins, 'csv'))).toEqual([3, 0, 0, 0]);
    expect(counts(await send(person, twins, 'csv'))).toEqual([0, 0, 3, 0]);
    const [first] = (await all(person)).toReversed();
    expect(first.notes).toMatchObject([{ content: 'Bought twice' }]);
    const other = { brand: 'Fender', model: 'Strat', year: 1964, privateInfo: { serialNumber: 'X1' } };
    expect(counts(await sendRows(person, [other]))).toEqual([1, 0, 0, 0]);
    expect(counts(await sendRows(person, [{ ...other, color: 'White' }]))).toEqual([0, 1, 0, 0]);
  });

  it('each row that fails says why, and keeps back no other', async () => {
    const person = await app.person();
    const good = { brand: 'Fender', model: 'Jazzmaster', year: 1958 };
    const id = '0197f000-0000-7000-8000-000000000001';
    const { data } = await sendRows(person, [
      good,
      { ...good, year: 0 },
      { ...good, year: 3000 },
      { ...good, price: 3 },
      'Fender',
      null,
      { ...good, id, color: 'Red' },
      { ...good, id, color: 'Blue' },
      { ...good, id: 'x' },
      { ...good, notes: [{ content: '' }] },
      { ...good, notes: Array.from({ length: 60 }, () => ({ content: 'x'.repeat(2000) })) },
      { ...good, privateInfo: { currentValue: 1 } },
    ]);
    expect([data.created, data.failed.map(({ row }: { row: number }) => row)]).toEqual([
      2,
      [2, 3, 4, 5, 6, 8, 9, 10, 11, 12],
    ]);
    expect(data.failed.map(({ errors }: { errors: { field: string }[] }) => errors[0]?.field)).toEqual([
      'year',
      'year',
      'price',
      '',
      '',
      'id',
      'id',
      'notes[0].content',
      'notes',
      'privateInfo.currency',
    ]);
    expect(await all(person)).toHaveLength(2);
  });

  it('says nothing of uploaded receipts, and cannot take one away', async () => {
    const person = await app.person();
    const guitar = await create(person);
    const { imageId } = await receipt(person, { guitarId: guitar.id });
    const row = { id: guitar.id, brand: 'Fender', model: 'Stratocaster', year: 1964 };
    const named = await sendRows(person, [{ ...row, privateInfo: { receiptImageId: guitar.id } }]);
    expect(named.data.failed[0].errors[0].field).toBe('privateInfo.receiptImageId');
    expect(counts(await sendRows(person, [{ ...row, color: 'Red', privateInfo: null }]))).toEqual([
      0, 1, 0, 0,
    ]);
    const [{ receipt: kept }] = await all(person);
    expect(kept.imageId).toBe(imageId);
    await person.client.delete(`/v1/guitars/${guitar.id}`);
    expect((await person.client.get(`/v1/images/${imageId}`)).status).toBe(404);
  });

  it('notes have an id each, and are as many as a guitar can hold', async () => {
    const person = await app.person();
    const row = { brand: 'Fender', model: 'Stratocaster', year: 1964 };
    const id = '0197f000-0000-7000-8000-00000000000a';
    const notes = (count: number) => Array.from({ length: count }, () => ({ content: 'x' }));
    const { data } = await sendRows(person, [
      { ...row, notes: [[]] },
      {
        ...row,
        notes: [
          { id, content: 'a' },
          { id: id.toUpperCase(), content: 'b' },
        ],
      },
      { ...row, notes: notes(1100) },
      { ...row, notes: notes(1020) },
      { ...row, notes: [{ id: id.toUpperCase(), content: 'a' }, ...notes(1000)] },
    ]);
    expect([data.created, data.failed.map(({ row: each }: { row: number }) => each)]).toEqual([
      1,
      [1, 2, 3, 4],
    ]);
    const [guitar] = await all(person);
    expect(guitar.notes[0].id).toBe(id);
    const path = `/v1/guitars/${guitar.id}/notes`;
    for (let more = 0; more < 12; more += 1)
      expect((await person.client.post(path, { content: 'x' })).status).toBe(201);
    expect((await person.client.post(path, { content: 'x' })).error.code).toBe('NOTE_LIMIT');
    const file = (await exported(person)).text;
    expect(counts(await send(person, file))).toEqual([0, 0, 1, 0]);
  });

  it('files are never larger than an import takes, nor answers than Lambda gives', async () => {
    const person = await app.person();
    const notes = Array.from({ length: 48 }, () => ({ content: '"'.repeat(2000) }));
    const rows = (model: string) =>
      Array.from({ length: 22 }, (_, number) => ({
        brand: 'Fender',
        model: `${model} ${number}`,
        year: 1964,
        notes,
      }));
    for (const model of ['One', 'Two'])
      expect(counts(await sendRows(person, rows(model)))).toEqual([22, 0, 0, 0]);
    for (const format of ['json', 'csv'] as const) {
      let [next, total]: [string | undefined, number] = [`/v1/guitars/export?format=${format}`, 0];
      while (next !== undefined) {
        const file: Answer = await person.client.get(next);
        expect(file.text.length).toBeLessThan(5 * 1024 * 1024);
        const [, , unchanged] = counts(await send(person, file.text, format));
        total += unchanged;
        next = /<[^>]+(\/v1\/guitars\/export\?[^>]+)>; rel="next"/.exec(file.headers['link'] ?? '')?.[1];
      }
      expect(total).toBe(44);
    }
    const page = await person.client.get('/v1/guitars?limit=100');
    expect(page.text.length).toBeLessThan(6 * 1024 * 1024);
    const rest = await person.client.get(`/v1/guitars?limit=100&cursor=${page.body.meta.nextCursor}`);
    expect([...page.data, ...rest.data].length).toBeGreaterThan(30);
  });

  it('beside guitars that are added at the same time loses no row', async () => {
    const person = await app.person();
    const rows = Array.from({ length: 300 }, () => ({ brand: 'Fender', model: 'Twin', year: 1964 }));
    const [{ data }] = await Promise.all([
      sendRows(person, rows),
      ...[1, 2, 3, 4, 5].map(() => create(person, { brand: 'Gibson' })),
    ]);
    expect(data.created).toBe(300);
    expect((await person.client.get('/v1/guitars/brands')).data).toEqual([
      { brand: 'Fender', count: 300 },
      { brand: 'Gibson', count: 5 },
    ]);
  });

  it('takes dryRun in a JSON body as well, and no field that it does not know', async () => {
    const person = await app.person();
    const guitars = [{ brand: 'Fender', model: 'Stratocaster', year: 1964 }];
    const dry = await send(person, JSON.stringify({ dryRun: true, guitars }));
    expect([dry.data.dryRun, await all(person)]).toEqual([true, []]);
    for (const body of [
      { guitars, dryrun: true },
      { guitars, dryRun: 'yes' },
    ])
      expect((await send(person, JSON.stringify(body))).error.code).toBe('IMPORT_UNREADABLE');
    expect((await send(person, 'brand,model,year\nFender,Strat,1964', 'csv', '/?dryRun=true')).status).toBe(
      200,
    );
  });

  it('CSV says what its cells are', async () => {
    const person = await app.person();
    const rows = [
      ' year ,MODEL,brand,caseIncluded,privateInfo.currentValue,privateInfo.currency,',
      '1964,"Strat, ""hardtail""",Fender,TRUE,12.5,EUR,',
      ',,,,,,',
      'last century,Strat,Fender,maybe,cheap,EUR,',
      '1964,Strat',
    ].join('\n');
    const { data } = await send(person, `\uFEFF${rows}`, 'csv');
    expect(data.created).toBe(1);
    expect(data.failed[0].row).toBe(2);
    expect(data.failed[0].errors.map(({ field }: { field: string }) => field)).toEqual(
      expect.arrayContaining(['year', 'caseIncluded', 'privateInfo.currentValue']),
    );
    expect(data.failed[1]).toMatchObject({ row: 3, errors: [{ code: 'columns' }] });
    for (const delimiter of [';', '\t']) {
      const file = ['brand', 'model', 'year'].join(delimiter) + '\n' + ['"a,b"', 'c', '1970'].join(delimiter);
      expect(counts(await send(await app.person(), file, 'csv'))).toEqual([1, 0, 0, 0]);
    }
    expect((await all(person))[0]).toMatchObject({
      model: 'Strat, "hardtail"',
      caseIncluded: true,
      privateInfo: { currentValue: 12.5 },
    });
  });

  it.each<[string, string, Format]>([
    ['an unknown column', 'brand,modell,year\nFender,Strat,1964', 'csv'],
    ['an open quote', 'brand,model,year\n"Fender,Strat,1964', 'csv'],
    ['a column twice', 'brand,model,year,brand\nFender,Strat,1964,Gibson', 'csv'],
    ['nothing', ' ', 'csv'],
    ['no list', '{"guitars":{}}', 'json'],
    ['an array alone', '[]', 'json'],
    ['more than 1,000 rows', `brand,model,year\n${'Fender,Strat,1964\n'.repeat(1001)}`, 'csv'],
  ])('refuses %s as a whole', async (_, file, format) => {
    const person = await app.person();
    const { status, error } = await send(person, file, format);
    expect([status, error.code, error.details?.length]).toEqual([400, 'IMPORT_UNREADABLE', 1]);
    expect(await all(person)).toEqual([]);
  });

  it('refuses other types, more than 5 MB, and what is no UTF-8', async () => {
    const person = await app.person();
    const raw = (bytes: string | Buffer, type: string) =>
      person.client.post('/v1/guitars/import', undefined, { raw: bytes, headers: { 'Content-Type': type } });
    expect((await raw('brand', 'text/plain')).error.code).toBe('UNSUPPORTED_MEDIA_TYPE');
    expect((await raw('x'.repeat(5 * 1024 * 1024 + 1), 'text/csv')).error.code).toBe('PAYLOAD_TOO_LARGE');
    expect((await raw(Buffer.from([0x62, 0xff]), 'text/csv')).error.code).toBe('BAD_REQUEST');
    const csv = { raw: 'brand', headers: CSV };
    expect((await person.client.post('/v1/guitars', undefined, csv)).error.code).toBe(
      'UNSUPPORTED_MEDIA_TYPE',
    );
  });

  it('takes 1,000 guitars at once; twice at the same time makes each once', async () => {
    const person = await app.person();
    const rows = Array.from({ length: 1000 }, (_, number) => ({
      brand: 'Fender',
      model: `Model ${number}`,
      year: 1964,
    }));
    const answers = await Promise.all([sendRows(person, rows), sendRows(person, rows)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.reduce((sum, { data }) => sum + data.created, 0)).toBe(1000);
    expect((await person.client.get('/v1/guitars/brands')).data).toEqual([{ brand: 'Fender', count: 1000 }]);
    await create(person);
    const first = await person.client.get('/v1/guitars/export');
    expect(first.body['guitars']).toHaveLength(1000);
    const next =
      /<[^>]+(\/v1\/guitars\/export\?[^>]+)>; rel="next"/.exec(first.headers['link'] ?? '')?.[1] ?? '';
    const second = await person.client.get(next);
    expect([(second.body['guitars'] as unknown[]).length, second.headers['link']]).toEqual([1, undefined]);
  });
});
