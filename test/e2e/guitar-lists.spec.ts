import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Person, TestApp } from '../support/test-app.js';

interface Said {
  readonly brand: string;
  readonly model: string;
  readonly year: number;
  readonly type?: string;
  readonly condition?: string;
  readonly color?: string;
  readonly privateInfo?: { serialNumber: string };
}

/** In the order in which they are made. */
const COLLECTION: readonly Said[] = [
  {
    brand: 'Fender',
    model: 'Stratocaster',
    year: 1964,
    type: 'Electric',
    condition: 'Good',
    color: 'Sunburst',
  },
  { brand: 'Gibson', model: 'Les Paul', year: 1959, type: 'Electric', condition: 'Mint', color: 'Cherry' },
  { brand: 'Höfner', model: '500/1', year: 1963, type: 'Bass', condition: 'Good', color: 'Sunburst' },
  { brand: 'fender', model: 'Telecaster', year: 1952, type: 'Electric', condition: 'Fair', color: 'Blonde' },
  { brand: 'Martin', model: 'D-28', year: 1941, type: 'Acoustic', privateInfo: { serialNumber: 'SN-77' } },
  { brand: 'Fender', model: 'Precision Bass', year: 1964, type: 'Bass', condition: 'Mint' },
  { brand: 'Gibson', model: 'ES-335', year: 2021, type: 'Semi-Hollow', condition: 'Mint', color: 'Cherry' },
];

describe('GET /guitars', () => {
  let app: TestApp;
  let ada: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    ada = await app.person('Ada');
    for (const guitar of COLLECTION) {
      const { data } = await ada.client.post('/v1/guitars', guitar);
      if (guitar.model === 'D-28')
        await ada.client.post(`/v1/guitars/${data.id}/notes`, { content: 'Played on Café Sunset' });
    }
  });
  afterAll(() => app.stop());

  const models = async (query = '', { client } = ada): Promise<string[]> => {
    const { data, status, text } = await client.get(`/v1/guitars?${query}`);
    if (status !== 200) throw new Error(text);
    return data.map(({ model }: { model: string }) => model);
  };

  it('lists the newest first, and nobody else’s', async () => {
    expect(await models()).toEqual(COLLECTION.map(({ model }) => model).toReversed());
    expect(await models('', await app.person())).toEqual([]);
  });

  it.each([
    [
      'sort=createdAt',
      ['Stratocaster', 'Les Paul', '500/1', 'Telecaster', 'D-28', 'Precision Bass', 'ES-335'],
    ],
    ['sort=year', ['D-28', 'Telecaster', 'Les Paul', '500/1', 'Stratocaster', 'Precision Bass', 'ES-335']],
    ['sort=-year', ['ES-335', 'Precision Bass', 'Stratocaster', '500/1', 'Les Paul', 'Telecaster', 'D-28']],
    ['sort=brand', ['Stratocaster', 'Telecaster', 'Precision Bass', 'Les Paul', 'ES-335', '500/1', 'D-28']],
    ['brand=FENDER', ['Precision Bass', 'Telecaster', 'Stratocaster']],
    ['brand=Hofner', ['500/1']],
    ['brand=Fen', []],
    ['type=Bass', ['Precision Bass', '500/1']],
    ['condition=Mint', ['ES-335', 'Precision Bass', 'Les Paul']],
    ['yearMin=1960&yearMax=1964', ['Precision Bass', '500/1', 'Stratocaster']],
    ['yearMin=1964&yearMax=1964&sort=year', ['Stratocaster', 'Precision Bass']],
    ['yearMax=1952', ['D-28', 'Telecaster']],
    ['yearMin=1964&yearMax=1963', []],
    ['yearMin=1964&yearMax=1963&sort=year', []],
    ['yearMax=999&sort=year', []],
    ['yearMin=2000', ['ES-335']],
    ['brand=fender&type=Bass', ['Precision Bass']],
    ['brand=fender&sort=-year', ['Precision Bass', 'Stratocaster', 'Telecaster']],
    ['brand=gibson&sort=brand', ['Les Paul', 'ES-335']],
    ['type=Electric&condition=Good&yearMin=1960', ['Stratocaster']],
    ['search=sunburst', ['500/1', 'Stratocaster']],
    ['search=SUNBURST%20strat', ['Stratocaster']],
    ['search=hofner', ['500/1']],
    ['search=sn-77', ['D-28']],
    ['search=cafe', ['D-28']],
    ['search=electric', []],
    ['search=cherry&yearMax=1960', ['Les Paul']],
  ])('answers %s', async (query, expected) => {
    expect(await models(query)).toEqual(expected);
  });

  it.each([
    'sort=price',
    'type=Banjo',
    'condition=great',
    'yearMin=abc',
    'yearMax=10000',
    'brand=',
    'limit=0',
    'color=red',
    `search=${'x'.repeat(201)}`,
  ])('refuses %s', async (query) => {
    const { status, error } = await ada.client.get(`/v1/guitars?${query}`);
    expect([status, error.code]).toEqual([400, 'GUITAR_VALIDATION_ERROR']);
  });

  it('moves a guitar in its lists when its brand or year changes', async () => {
    const person = await app.person();
    const { data } = await person.client.post('/v1/guitars', COLLECTION[0]);
    await person.client.put(`/v1/guitars/${data.id}`, { brand: 'Squier', year: 1999 });
    expect(await models('brand=fender', person)).toEqual([]);
    expect(await models('brand=squier&yearMin=1999&sort=year', person)).toEqual(['Stratocaster']);
    expect((await person.client.get('/v1/guitars/brands')).data).toEqual([{ brand: 'Squier', count: 1 }]);
  });

  it('gives full pages and every guitar once, whatever filters and order', async () => {
    const person = await app.person();
    const made: (Said & { id: string })[] = [];
    for (let number = 0; number < 60; number += 1) {
      const guitar = {
        brand: ['Fender', 'Gibson', 'Ibanez'][number % 3] ?? '',
        model: `Model ${number}`,
        year: 1950 + ((number * 7) % 50),
        type: number % 2 ? 'Bass' : 'Electric',
        color: number % 5 ? 'Red' : 'Blue',
      };
      made.push({ ...guitar, id: (await person.client.post('/v1/guitars', guitar)).data.id });
    }
    const query = fc.record(
      {
        brand: fc.constantFrom('fender', 'Gibson'),
        type: fc.constantFrom('Bass', 'Electric'),
        yearMin: fc.integer({ min: 1940, max: 2000 }),
        yearMax: fc.integer({ min: 1940, max: 2000 }),
        search: fc.constantFrom('blue', 'model 1', 'red 2'),
        sort: fc.constantFrom('createdAt', '-createdAt', 'brand', '-brand', 'year', '-year'),
        limit: fc.integer({ min: 1, max: 20 }),
      },
      { requiredKeys: ['limit'] },
    );
    await fc.assert(
      fc.asyncProperty(query, async ({ limit, ...filters }) => {
        const { brand, type, yearMin = 0, yearMax = 9999, search = '', sort = '-createdAt' } = filters;
        const text = ({ brand: of, model, color = '' }: Said) => `${of} ${model} ${color}`.toLowerCase();
        const expected = made.filter(
          (guitar) =>
            (brand === undefined || guitar.brand.toLowerCase() === brand.toLowerCase()) &&
            (type === undefined || guitar.type === type) &&
            yearMin <= guitar.year &&
            guitar.year <= yearMax &&
            search.split(' ').every((word) => text(guitar).includes(word)),
        );
        const key = ({ brand: of, year, id }: (typeof made)[number]) =>
          ({ createdAt: id, brand: `${of.toLowerCase()}#${id}`, year: `${year}#${id}` })[
            sort.replace('-', '')
          ] ?? '';
        expected.sort((one, other) => (key(one) < key(other) ? -1 : 1) * (sort.startsWith('-') ? -1 : 1));
        const parameters = new URLSearchParams(
          Object.entries(filters).map(([name, value]): [string, string] => [name, String(value)]),
        );
        parameters.set('limit', String(limit));
        const ids: string[] = [];
        for (let cursor: string | null = ''; cursor !== null;) {
          if (cursor) parameters.set('cursor', cursor);
          const { data, body } = await person.client.get(`/v1/guitars?${parameters.toString()}`);
          ids.push(...data.map(({ id }: { id: string }) => id));
          cursor = body.meta.nextCursor;
          if (cursor !== null) expect(data).toHaveLength(limit);
        }
        expect(ids).toEqual(expected.map(({ id }) => id));
      }),
      { numRuns: 60 },
    );
  });
});
