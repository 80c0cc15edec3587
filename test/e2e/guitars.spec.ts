import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inside } from '../support/inside.js';
import { objectsOf } from '../support/objects.js';
import { image, photo, receipt } from '../support/photos.js';
import { type Person, TestApp } from '../support/test-app.js';

const STRAT = { brand: 'Fender', model: 'Stratocaster', year: 1964 };
const NEXT_YEAR = new Date().getUTCFullYear() + 1;

/** Every attribute of seed 001. */
const WHOLE = {
  ...STRAT,
  type: 'Electric',
  condition: 'Very Good',
  bodyMaterial: 'Alder',
  neckMaterial: 'Maple',
  fretboardMaterial: 'Rosewood',
  numberOfFrets: 21,
  scaleLength: '25.5 in',
  pickupConfiguration: 'SSS',
  color: 'Sunburst',
  finish: 'Nitrocellulose',
  tuningMachines: 'Kluson',
  bridge: 'Tremolo',
  nut: 'Bone',
  electronics: 'One volume, two tone',
  caseIncluded: true,
  countryOfOrigin: 'USA',
  detailedSpecs: { bodyShape: 'Double cutaway', neckProfile: 'C', weight: '3.4 kg' },
  privateInfo: {
    serialNumber: 'L12345',
    purchaseDate: '2019-04-13',
    purchaseLocation: 'Stockholm',
    originalRetailPrice: 259.5,
    purchasePrice: 12_500.25,
    currentValue: 19_000,
    currency: 'USD',
    receiptUrl: 'https://example.com/receipt.pdf',
    insuranceInfo: 'Policy 7, all risks',
  },
};

describe('Guitars', () => {
  let app: TestApp;
  let ada: Person;
  let eve: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    [ada, eve] = [await app.person('Ada'), await app.person('Eve')];
  });
  afterAll(() => app.stop());

  const create = (body: object = STRAT, { client } = ada) => client.post('/v1/guitars', body);
  const made = async (body: object = STRAT, person = ada) => (await create(body, person)).data;
  const pathOf = ({ id }: { id: string }) => `/v1/guitars/${id}`;
  const get = async (guitar: { id: string }) => (await ada.client.get(pathOf(guitar))).data;

  describe('creating', () => {
    it('takes every attribute of the seed, and gives it back', async () => {
      const { status, data, headers } = await create(WHOLE);
      expect(status).toBe(201);
      expect(data).toMatchObject(WHOLE);
      expect(data).toMatchObject({ userId: ada.userId, images: [], notes: [], version: 1 });
      expect(headers['location']).toBe(`/v1/guitars/${data.id}`);
      expect(await get(data)).toEqual(data);
    });

    it('needs brand and model, and shows the rest as null', async () => {
      const { error } = await create({});
      expect(error.code).toBe('GUITAR_VALIDATION_ERROR');
      expect([...new Set(error.details?.map(({ field }) => field))]).toEqual(['brand', 'model']);
      expect((await create({ brand: 'Martin', model: '1-21' })).data).toMatchObject({
        year: null,
        type: null,
        color: null,
        numberOfFrets: null,
        detailedSpecs: {},
        privateInfo: {},
      });
    });

    it('takes years to next year, also early ones and none', async () => {
      for (const year of [1, 1850, 1899, null, NEXT_YEAR])
        expect((await create({ ...STRAT, year })).status).toBe(201);
      for (const year of [0, -1, NEXT_YEAR + 1, 1964.5, '1964']) {
        const { status, error } = await create({ ...STRAT, year });
        expect([year, status, error.details?.[0]?.field]).toEqual([year, 400, 'year']);
      }
    });

    it.each([
      [{ type: 'Ukulele' }, 'type'],
      [{ condition: 'as new' }, 'condition'],
      [{ brand: '' }, 'brand'],
      [{ model: 'x'.repeat(201) }, 'model'],
      [{ color: 'x'.repeat(201) }, 'color'],
      [{ numberOfFrets: 61 }, 'numberOfFrets'],
      [{ caseIncluded: 'yes' }, 'caseIncluded'],
      [{ detailedSpecs: [] }, 'detailedSpecs'],
      [{ detailedSpecs: { colour: 1 } }, 'detailedSpecs'],
      [{ detailedSpecs: { colour: 'x'.repeat(201) } }, 'detailedSpecs'],
      [{ detailedSpecs: { ['x'.repeat(51)]: 'x' } }, 'detailedSpecs'],
      [{ detailedSpecs: { 'a.b': 'x' } }, 'detailedSpecs'],
      [{ detailedSpecs: { toString: 'x' } }, 'detailedSpecs.toString'],
      [{ privateInfo: { purchaseDate: '2019-02-30' } }, 'privateInfo.purchaseDate'],
      [{ privateInfo: { currency: 'XYZ1' } }, 'privateInfo.currency'],
      [{ privateInfo: { currentValue: -1, currency: 'EUR' } }, 'privateInfo.currentValue'],
      [{ privateInfo: { currentValue: 1 } }, 'privateInfo.currency'],
      [{ privateInfo: { currentValue: 1.005, currency: 'EUR' } }, 'privateInfo.currentValue'],
      [{ privateInfo: { currentValue: 100.5, currency: 'JPY' } }, 'privateInfo.currentValue'],
      [{ privateInfo: { receiptUrl: 'javascript:alert(1)' } }, 'privateInfo.receiptUrl'],
      [{ id: '0' }, 'id'],
      [{ userId: 'x' }, 'userId'],
      [{ version: 7 }, 'version'],
      [{ images: [{}] }, 'images[0].imageId'],
      [{ notes: [{ content: '' }] }, 'notes[0].content'],
    ])('refuses %j', async (fields, field) => {
      const { status, error } = await create({ ...STRAT, ...fields });
      expect([status, error.code, error.details?.[0]?.field]).toEqual([
        400,
        'GUITAR_VALIDATION_ERROR',
        field,
      ]);
    });

    it('keeps cents exactly, by the decimals of each currency', async () => {
      for (const [currency, currentValue] of [
        ['EUR', 0.1],
        ['EUR', 1299.99],
        ['USD', 999_999_999.99],
        ['JPY', 150_000],
        ['KWD', 12.345],
      ] as const) {
        const { privateInfo } = await made({ ...STRAT, privateInfo: { currency, currentValue } });
        expect(privateInfo).toEqual({ currency, currentValue });
      }
    });

    it('stores the largest guitar that it takes', async () => {
      const long = '\u{1F3B8}'.repeat(100);
      const texts = Object.fromEntries(
        Object.entries(WHOLE)
          .filter(([, value]) => typeof value === 'string')
          .map(([name]) => [name, long]),
      );
      const specs = (await ada.client.get('/openapi.json')).body.components.schemas.DetailedSpecsInput
        .properties;
      const detailedSpecs = Object.fromEntries(Object.keys(specs).map((name) => [name, long]));
      const guitar = await made({
        ...texts,
        ...STRAT,
        type: 'Bass',
        condition: 'Poor',
        detailedSpecs,
        privateInfo: { insuranceInfo: '\u{1F3B8}'.repeat(1000) },
      });
      const note = { content: '\u{1F3B8}'.repeat(1000) };
      for (let notes = 0; notes < 24; notes += 1)
        expect((await ada.client.post(`${pathOf(guitar)}/notes`, note)).status).toBe(201);
      const { status, error } = await ada.client.post(`${pathOf(guitar)}/notes`, note);
      expect([status, error.code]).toEqual([409, 'NOTE_LIMIT']);
      expect((await get(guitar)).notes).toHaveLength(24);
      await ada.client.delete(pathOf(guitar));
    });

    it('has one effect under an Idempotency-Key', async () => {
      const before = (await eve.client.get('/v1/guitars')).data.length;
      const once = () => eve.client.post('/v1/guitars', STRAT, { headers: { 'Idempotency-Key': 'one' } });
      const [first, second] = [await once(), await once()];
      expect(second.data).toEqual(first.data);
      expect((await eve.client.get('/v1/guitars')).data).toHaveLength(before + 1);
    });
  });

  describe('changing', () => {
    it('changes only what is given; null and the empty text clear; maps merge field by field', async () => {
      const guitar = await made(WHOLE);
      const { data } = await ada.client.put(pathOf(guitar), {
        color: null,
        finish: '',
        year: 1965,
        detailedSpecs: { weight: null, headstock: 'Small' },
        privateInfo: { serialNumber: 'L54321', insuranceInfo: null },
      });
      expect(data).toMatchObject({ color: null, finish: null, year: 1965, brand: 'Fender', version: 2 });
      expect(data.detailedSpecs).toEqual({
        bodyShape: 'Double cutaway',
        neckProfile: 'C',
        headstock: 'Small',
      });
      const { insuranceInfo: _, ...info } = WHOLE.privateInfo;
      expect(data.privateInfo).toEqual({ ...info, serialNumber: 'L54321' });
    });

    it('a price and its currency are changed together or apart, and stay what they say', async () => {
      const guitar = await made(WHOLE);
      const put = (privateInfo: object | null) => ada.client.put(pathOf(guitar), { privateInfo });
      expect((await put({ currentValue: 20_000.5 })).data.privateInfo).toMatchObject({
        currentValue: 20_000.5,
        purchasePrice: 12_500.25,
      });
      expect((await put({ currency: 'EUR' })).data.privateInfo).toMatchObject({
        currency: 'EUR',
        purchasePrice: 12_500.25,
      });
      const { status, error } = await put({ currency: 'JPY' });
      expect([status, error.details?.[0]?.code]).toEqual([400, 'currencyDigits']);
      expect((await put({ currency: null })).error.details?.[0]?.field).toBe('privateInfo.currency');
      expect((await put(null)).data.privateInfo).toEqual({});
      expect((await ada.client.put(pathOf(guitar), { detailedSpecs: null })).data.detailedSpecs).toEqual({});
    });

    it('changes of different fields at the same time all arrive', async () => {
      const guitar = await made(WHOLE);
      const changes = [
        { color: 'Red' },
        { detailedSpecs: { weight: '3.5 kg' } },
        { privateInfo: { currentValue: 1 } },
        { privateInfo: { serialNumber: 'X' } },
        { brand: 'Squier' },
      ];
      const answers = await Promise.all(changes.map((change) => ada.client.put(pathOf(guitar), change)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      expect(await get(guitar)).toMatchObject({
        color: 'Red',
        brand: 'Squier',
        detailedSpecs: { weight: '3.5 kg', neckProfile: 'C' },
        privateInfo: { currentValue: 1, serialNumber: 'X', purchasePrice: 12_500.25 },
        version: 6,
      });
    });

    it('refuses a version that is stale, whichever field it is', async () => {
      const guitar = await made(WHOLE);
      const etag = { headers: { 'If-Match': (await ada.client.get(pathOf(guitar))).headers['etag'] ?? '' } };
      expect((await ada.client.put(pathOf(guitar), { color: 'Red' }, etag)).status).toBe(200);
      for (const change of [{ color: 'Blue' }, { privateInfo: { currentValue: 2 } }])
        expect((await ada.client.put(pathOf(guitar), change, etag)).error.code).toBe('PRECONDITION_FAILED');
      expect((await ada.client.delete(pathOf(guitar), etag)).status).toBe(412);
      expect((await ada.client.put(`${pathOf(guitar)}/images`, [], etag)).status).toBe(412);
    });

    it('cannot clear what a guitar must have', async () => {
      const guitar = await made();
      for (const body of [{ brand: '' }, { model: '' }, { year: NEXT_YEAR + 1 }])
        expect((await ada.client.put(pathOf(guitar), body)).error.code).toBe('GUITAR_VALIDATION_ERROR');
      expect((await ada.client.put(pathOf(guitar), { brand: null, model: null })).data).toEqual(guitar);
    });
  });

  it('that are missing, removed, malformed or somebody else’s are all the same 404', async () => {
    const guitar = await made(WHOLE);
    const gone = await made();
    expect((await ada.client.delete(pathOf(gone))).data).toEqual({ id: gone.id, deleted: true });
    const answers = [
      await ada.client.get(pathOf(gone)),
      await ada.client.delete(pathOf(gone)),
      await ada.client.put(pathOf(gone), { color: 'Red' }),
      await ada.client.put(pathOf(gone), { privateInfo: null }),
      await ada.client.get('/v1/guitars/nonsense'),
      await eve.client.get(pathOf(guitar)),
      await eve.client.put(pathOf(guitar), { color: 'Red' }),
      await eve.client.delete(pathOf(guitar)),
      await eve.client.post(`${pathOf(guitar)}/notes`, { content: 'x' }),
      await eve.client.put(`${pathOf(guitar)}/images`, []),
    ];
    const said = answers.map(({ status, error }) => [status, error.code, error.message]);
    expect(new Set(said.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(said[0]?.slice(0, 2)).toEqual([404, 'GUITAR_NOT_FOUND']);
    expect(await get(guitar)).toEqual(guitar);
  });

  describe('notes', () => {
    it('are added, changed and removed, under the version of their guitar', async () => {
      const guitar = await made();
      const notes = `${pathOf(guitar)}/notes`;
      const first = await ada.client.post(notes, { content: 'New strings' });
      expect(first.status).toBe(201);
      expect(first.headers['location']).toBe(pathOf(guitar));
      await ada.client.post(notes, { content: 'Set up' });
      const stale = { headers: { 'If-Match': first.headers['etag'] ?? '' } };
      expect((await ada.client.patch(`${notes}/${first.data.id}`, { content: 'x' }, stale)).status).toBe(412);
      const changed = await ada.client.patch(`${notes}/${first.data.id}`, { content: 'New strings: 10-46' });
      expect(changed.data).toEqual({ ...first.data, content: 'New strings: 10-46' });
      expect((await get(guitar)).notes.map(({ content }: { content: string }) => content)).toEqual([
        'New strings: 10-46',
        'Set up',
      ]);
      expect((await ada.client.delete(`${notes}/${first.data.id}`)).status).toBe(200);
      for (const { error } of [
        await ada.client.delete(`${notes}/${first.data.id}`),
        await ada.client.patch(`${notes}/nonsense`, { content: 'x' }),
      ])
        expect(error.code).toBe('NOTE_NOT_FOUND');
      expect((await get(guitar)).notes).toHaveLength(1);
    });

    it('have 1 to 2,000 characters', async () => {
      const notes = `${pathOf(await made())}/notes`;
      for (const content of ['', ' ', 'x'.repeat(2001), 7])
        expect((await ada.client.post(notes, { content })).error.code).toBe('GUITAR_VALIDATION_ERROR');
      expect((await ada.client.post(notes, { content: 'x'.repeat(2000) })).status).toBe(201);
    });

    it('that are added at the same time all arrive, each once under its key', async () => {
      const guitar = await made();
      const add = (content: string, key: string) =>
        ada.client.post(
          `${pathOf(guitar)}/notes`,
          { content },
          { headers: { 'Idempotency-Key': `${guitar.id}-${key}` } },
        );
      await Promise.all(['a', 'b', 'c'].map((each) => add(each, each)));
      await add('a', 'a');
      expect((await get(guitar)).notes.map(({ content }: { content: string }) => content).sort()).toEqual([
        'a',
        'b',
        'c',
      ]);
    });
  });

  describe('with photos and notes, as seed 001 has them', () => {
    const contents = ({ notes }: { notes: { content: string }[] }) => notes.map(({ content }) => content);

    it('are made and changed whole', async () => {
      const [one, two] = [await image(ada), await image(ada)];
      const images = [
        { imageId: one.imageId, caption: 'Front' },
        { id: two.imageId, isPrimary: true },
      ];
      const createdAt = '2019-04-13T10:00:00.000Z';
      const notes = [
        { content: 'Bought', createdAt },
        { id: 'local-1', content: 'New strings' },
      ];
      const { status, data } = await create({ ...STRAT, images, notes });
      expect([status, data.images]).toMatchObject([
        201,
        [
          { id: one.imageId, caption: 'Front', isPrimary: false, order: 0 },
          { id: two.imageId, caption: null, isPrimary: true, order: 1 },
        ],
      ]);
      expect([contents(data), data.notes[0].createdAt]).toEqual([['Bought', 'New strings'], createdAt]);
      expect((await get(data)).notes).toEqual(data.notes);

      const [bought, strings] = data.notes;
      const changed = await ada.client.put(pathOf(data), {
        images: [data.images[1]],
        notes: [{ ...strings, content: 'Newer strings' }, { content: 'Played' }],
      });
      expect(changed.data.images).toMatchObject([{ id: two.imageId, isPrimary: true, order: 0 }]);
      expect(contents(changed.data)).toEqual(['Newer strings', 'Played']);
      expect(changed.data.notes[0]).toMatchObject({ id: strings.id, createdAt: strings.createdAt });
      expect(changed.data.notes.map(({ id }: { id: string }) => id)).not.toContain(bought.id);
      expect((await ada.client.get(`/v1/images/${one.imageId}`)).data.usedBy).toEqual([]);
      const cleared = await ada.client.put(pathOf(data), { images: [], notes: [] });
      expect([cleared.data.images, cleared.data.notes]).toEqual([[], []]);
    });

    it('take the list of photos as it was answered', async () => {
      const guitar = await made();
      const [one, two] = [await image(ada), await image(ada)];
      const path = `${pathOf(guitar)}/images`;
      const set = await ada.client.put(path, [{ imageId: one.imageId }, { imageId: two.imageId }]);
      const again = await ada.client.put(path, set.data);
      const version = (answer: typeof set) => answer.headers['etag']?.split('-')[0];
      expect([again.status, version(again)]).toEqual([200, version(set)]);
      const [front, back] = set.data;
      const turned = await ada.client.put(path, [
        { ...back, order: 0 },
        { ...front, order: 1 },
      ]);
      expect(turned.data.map(({ id }: { id: string }) => id)).toEqual([two.imageId, one.imageId]);
    });

    it('refuse photos that are not there, and write nothing then', async () => {
      const imageId = '0197f000-0000-7000-8000-000000000001';
      const missing = { images: [{ imageId }], notes: [{ content: 'x' }] };
      expect((await create({ ...STRAT, ...missing })).error.code).toBe('IMAGE_NOT_FOUND');
      const guitar = await made();
      expect((await ada.client.put(pathOf(guitar), missing)).error.code).toBe('IMAGE_NOT_FOUND');
      expect(await get(guitar)).toEqual(guitar);
      const two = { images: [{ imageId: guitar.id, id: imageId }] };
      expect((await create({ ...STRAT, ...two })).error.details?.[0]?.field).toBe('images[0].id');
      const big = { notes: Array.from({ length: 60 }, () => ({ content: 'x'.repeat(2000) })) };
      expect((await create({ ...STRAT, ...big })).error.code).toBe('NOTE_LIMIT');
    });
  });

  describe('specs of the owner’s own', () => {
    it('are kept beside the known ones, merged and cleared by name', async () => {
      const { data } = await create({
        ...STRAT,
        detailedSpecs: { weight: '3.4 kg', 'Bridge plate': 'Maple' },
      });
      expect(data.detailedSpecs).toEqual({ weight: '3.4 kg', 'Bridge plate': 'Maple' });
      const changed = await ada.client.put(pathOf(data), {
        detailedSpecs: { body_shape: 'Round', weight: '' },
      });
      expect(changed.data.detailedSpecs).toEqual({ 'Bridge plate': 'Maple', body_shape: 'Round' });
      const cleared = await ada.client.put(pathOf(data), { detailedSpecs: { 'Bridge plate': null } });
      expect(cleared.data.detailedSpecs).toEqual({ body_shape: 'Round' });
    });

    it('are at most fifty', async () => {
      const specs = (count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, position) => [`own${position}`, 'x']));
      const { data } = await create({ ...STRAT, detailedSpecs: { ...specs(50), weight: '3 kg' } });
      const { error } = await ada.client.put(pathOf(data), { detailedSpecs: { another: 'x' } });
      expect(error.details?.[0]).toMatchObject({ field: 'detailedSpecs', code: 'maxNames' });
      expect((await create({ ...STRAT, detailedSpecs: specs(51) })).status).toBe(400);
    });
  });

  it('take type and condition in any case', async () => {
    const { data } = await create({ ...STRAT, type: 'semi-hollow', condition: 'VERY GOOD' });
    expect([data.type, data.condition]).toEqual(['Semi-Hollow', 'Very Good']);
    const { data: found } = await ada.client.get('/v1/guitars?type=SEMI-HOLLOW&condition=very%20good');
    expect(found.map(({ id }: { id: string }) => id)).toContain(data.id);
  });

  it('of no known year are listed first by year, and in no range of years', async () => {
    const person = await app.person();
    const add = (model: string, year: number | null) =>
      person.client.post('/v1/guitars', { brand: 'Martin', model, year });
    await add('D-28', 1964);
    await add('Unknown', null);
    await add('1-21', 1850);
    const models = async (query: string) =>
      (await person.client.get(`/v1/guitars?${query}`)).data.map(({ model }: { model: string }) => model);
    expect(await models('sort=year')).toEqual(['Unknown', '1-21', 'D-28']);
    expect(await models('sort=year&yearMax=1900')).toEqual(['1-21']);
    expect(await models('yearMax=1900')).toEqual(['1-21']);
    expect(await models('yearMin=0&sort=-year')).toEqual(['D-28', '1-21']);
    const { data } = await person.client.get('/v1/guitars/stats');
    expect(data.byDecade).toEqual([
      { decade: 1850, count: 1 },
      { decade: 1960, count: 1 },
      { decade: null, count: 1 },
    ]);
    expect((await person.client.get('/v1/guitars/brands?format=names')).data).toEqual(['Martin']);
    expect((await person.client.get('/v1/guitars/brands')).data).toEqual([{ brand: 'Martin', count: 3 }]);
  });

  describe('photos', () => {
    const set = (guitar: { id: string }, photos: unknown) =>
      ada.client.put(`${pathOf(guitar)}/images`, photos);

    it('stand in order, exactly one of them the primary', async () => {
      const guitar = await made();
      const [one, two, three] = [
        await image(ada, undefined, { caption: 'One' }),
        await image(ada),
        await image(ada),
      ];
      const { data } = await set(guitar, [
        { imageId: one.imageId },
        { imageId: two.imageId, caption: 'Two' },
      ]);
      expect(data).toMatchObject([
        { id: one.imageId, caption: 'One', isPrimary: true, order: 0 },
        { id: two.imageId, caption: 'Two', isPrimary: false, order: 1 },
      ]);
      expect(new URL(data[0].url).pathname).toBe(new URL(one.imageUrl).pathname);
      expect((await set(guitar, [{ imageId: one.imageId }])).headers['etag']).toMatch(/^"v\d+-/);
      await set(guitar, [{ imageId: one.imageId }, { imageId: two.imageId, caption: 'Two' }]);
      const again = await set(guitar, [
        { imageId: three.imageId, order: 5, isPrimary: true },
        { imageId: two.imageId, order: 2 },
      ]);
      expect(again.data).toMatchObject([
        { id: two.imageId, caption: 'Two', isPrimary: false },
        { id: three.imageId, caption: null, isPrimary: true },
      ]);
      expect((await get(guitar)).images.map(({ id }: { id: string }) => id)).toEqual([
        two.imageId,
        three.imageId,
      ]);
      const used = async ({ imageId }: { imageId: string }) =>
        (await ada.client.get(`/v1/images/${imageId}`)).data.usedBy;
      expect([await used(one), await used(two)]).toEqual([[], [{ kind: 'guitar', id: guitar.id }]]);
      expect((await set(guitar, [])).data).toEqual([]);
    });

    it.each([
      [
        'two primaries',
        (a: string, b: string) => [
          { imageId: a, isPrimary: true },
          { imageId: b, isPrimary: true },
        ],
      ],
      ['one image twice', (a: string) => [{ imageId: a }, { imageId: a }]],
      ['no array', () => ({})],
      ['more than ten', (a: string) => Array.from({ length: 11 }, () => ({ imageId: a }))],
      ['what is no photo', () => [null, 'x', [{}]]],
      ['an unknown field', (a: string) => [{ imageId: a, address: 'x' }]],
    ])('refuse %s', async (_, bodyOf) => {
      const guitar = await made();
      const [one, two] = [await image(ada), await image(ada)];
      const { status, error } = await set(guitar, bodyOf(one.imageId, two.imageId));
      expect([status, error.code]).toEqual([400, 'GUITAR_VALIDATION_ERROR']);
      expect((await get(guitar)).images).toEqual([]);
    });

    it('refuse images that are missing, somebody else’s, or receipts', async () => {
      const guitar = await made();
      const [mine, hers, paper] = [await image(ada), await image(eve), await receipt(ada)];
      for (const [{ imageId }, code] of [
        [hers, 'IMAGE_NOT_FOUND'],
        [{ imageId: guitar.id }, 'IMAGE_NOT_FOUND'],
        [paper, 'IMAGE_WRONG_PURPOSE'],
      ])
        expect((await set(guitar, [{ imageId: mine.imageId }, { imageId }])).error.code).toBe(code);
      expect((await ada.client.get(`/v1/images/${mine.imageId}`)).data.usedBy).toEqual([]);
    });

    it('are attached when their upload is completed, and no more than ten', async () => {
      const guitar = await made();
      const first = await image(ada, undefined, { guitarId: guitar.id, caption: 'First' });
      expect((await get(guitar)).images).toMatchObject([
        { id: first.imageId, caption: 'First', isPrimary: true },
      ]);
      const more = await Promise.all(
        Array.from({ length: 9 }, () => image(ada, undefined, { guitarId: guitar.id })),
      );
      expect((await get(guitar)).images).toHaveLength(10);
      expect(
        (await get(guitar)).images.filter(({ isPrimary }: { isPrimary: boolean }) => isPrimary),
      ).toHaveLength(1);
      await expect(image(ada, undefined, { guitarId: guitar.id })).rejects.toThrow('GUITAR_IMAGE_LIMIT');
      const again = await image(ada, await photo('jpeg', { shade: 7 }));
      expect(again.duplicate).toBe(false);
      expect(more.every(({ duplicate }) => !duplicate)).toBe(true);
      await expect(image(ada, undefined, { guitarId: again.imageId })).rejects.toThrow('GUITAR_NOT_FOUND');
    });

    it('cannot be removed while a guitar has them', async () => {
      const guitar = await made();
      const { imageId } = await image(ada, undefined, { guitarId: guitar.id });
      const { status, error } = await ada.client.delete(`/v1/images/${imageId}`);
      expect([status, error.code, error.details]).toEqual([
        409,
        'IMAGE_IN_USE',
        [{ field: 'usedBy', code: 'inUse', message: `It is used by the guitar ${guitar.id}` }],
      ]);
      await set(guitar, []);
      expect((await ada.client.delete(`/v1/images/${imageId}`)).status).toBe(200);
    });

    inside('go with their guitar, unless another one has them', async () => {
      const [guitar, other] = [await made(), await made()];
      const alone = await image(ada, undefined, { guitarId: guitar.id });
      const shared = await image(ada, undefined, { guitarId: guitar.id });
      const paper = await receipt(ada, { guitarId: guitar.id });
      await set(other, [{ imageId: shared.imageId }]);
      expect((await ada.client.delete(pathOf(guitar))).status).toBe(200);
      const left = async ({ imageId }: { imageId: string }) => [
        (await ada.client.get(`/v1/images/${imageId}`)).status,
        (await objectsOf(app)).some((key) => key.includes(imageId)),
      ];
      expect([await left(alone), await left(paper), await left(shared)]).toEqual([
        [404, false],
        [404, false],
        [200, true],
      ]);
      expect((await ada.client.get(`/v1/images/${shared.imageId}`)).data.usedBy).toEqual([
        { kind: 'guitar', id: other.id },
      ]);
    });

    it('are set under If-Match though their captions change at the same time', async () => {
      const guitar = await made();
      const { imageId } = await image(ada);
      for (let round = 0; round < 10; round += 1) {
        const { headers } = await ada.client.get(pathOf(guitar));
        const ifMatch = { headers: { 'If-Match': headers['etag'] ?? '' } };
        const [answer] = await Promise.all([
          ada.client.put(`${pathOf(guitar)}/images`, round % 2 ? [] : [{ imageId }], ifMatch),
          ada.client.patch(`/v1/images/${imageId}`, { caption: `Caption ${round}` }),
        ]);
        expect([round, answer.status]).toEqual([round, 200]);
      }
    });

    it('attached and removed at the same time never leave a guitar with a photo that is gone', async () => {
      for (let round = 0; round < 5; round += 1) {
        const guitar = await made();
        const { imageId } = await image(ada);
        const [attached, removed] = await Promise.all([
          set(guitar, [{ imageId }]),
          ada.client.delete(`/v1/images/${imageId}`),
        ]);
        const { images } = await get(guitar);
        const there = (await ada.client.get(`/v1/images/${imageId}`)).status === 200;
        expect([images.length === 1, attached.status === 200, removed.status !== 200]).toEqual([
          there,
          there,
          there,
        ]);
      }
    });
  });

  describe('a receipt', () => {
    it('is shown by an address that is signed, and is in use as long as the guitar has it', async () => {
      const guitar = await made();
      const { imageId } = await receipt(ada);
      const { data } = await ada.client.put(pathOf(guitar), { privateInfo: { receiptImageId: imageId } });
      expect(data.privateInfo.receiptImageId).toBe(imageId);
      expect(data.receipt.imageId).toBe(imageId);
      expect((await fetch(data.receipt.url)).headers.get('content-type')).toBe('application/pdf');
      const { privateInfo, version } = (
        await ada.client.put(pathOf(guitar), { privateInfo: data.privateInfo })
      ).data;
      expect([privateInfo, version]).toEqual([data.privateInfo, data.version]);
      expect((await ada.client.delete(`/v1/images/${imageId}`)).error.code).toBe('IMAGE_IN_USE');
      const other = await receipt(ada, { guitarId: guitar.id });
      expect((await get(guitar)).privateInfo.receiptImageId).toBe(other.imageId);
      expect((await ada.client.delete(`/v1/images/${imageId}`)).status).toBe(200);
      await ada.client.put(pathOf(guitar), { privateInfo: { receiptImageId: null } });
      expect((await get(guitar)).privateInfo).toEqual({});
      expect((await ada.client.delete(`/v1/images/${other.imageId}`)).status).toBe(200);
    });

    it('can be named when the guitar is made; a photo is none', async () => {
      const { imageId } = await receipt(ada);
      const { privateInfo } = await made({ ...STRAT, privateInfo: { receiptImageId: imageId } });
      expect(privateInfo.receiptImageId).toBe(imageId);
      const shown = await image(ada);
      for (const [receiptImageId, code] of [
        [shown.imageId, 'IMAGE_WRONG_PURPOSE'],
        [(await receipt(eve)).imageId, 'IMAGE_NOT_FOUND'],
      ])
        expect((await create({ ...STRAT, privateInfo: { receiptImageId } })).error.code).toBe(code);
    });
  });

  describe('brands and figures', () => {
    it('count brands whatever their spelling, and are swallowed by no id', async () => {
      const person = await app.person();
      for (const brand of ['Höfner', 'Fender', 'Hofner', 'fender', 'Fender', 'C.F. Martin & Co.', '~!*()'])
        await made({ ...STRAT, brand }, person);
      expect((await person.client.get('/v1/guitars/brands')).data).toEqual([
        { brand: '~!*()', count: 1 },
        { brand: 'C.F. Martin & Co.', count: 1 },
        { brand: 'Fender', count: 3 },
        { brand: 'Hofner', count: 2 },
      ]);
    });

    it('sum up what is known, a currency at a time', async () => {
      const person = await app.person();
      const worth = (privateInfo: object, fields: object = {}) =>
        made({ ...STRAT, privateInfo, ...fields }, person);
      await worth({ purchasePrice: 0.1, currentValue: 0.3, currency: 'EUR' });
      await worth({ purchasePrice: 0.2, currency: 'EUR' }, { brand: 'Gibson', year: 1959, type: 'Electric' });
      await worth({ currentValue: 1000, currency: 'JPY' }, { year: 1969 });
      await worth({ originalRetailPrice: 9, currency: 'USD' });
      const { data } = await person.client.get('/v1/guitars/stats');
      expect(data).toEqual({
        count: 4,
        byCurrency: {
          EUR: { count: 2, purchase: 0.3, current: 0.3, gain: 0.2 },
          JPY: { count: 1, purchase: null, current: 1000, gain: null },
        },
        byBrand: [
          { brand: 'Fender', count: 3 },
          { brand: 'Gibson', count: 1 },
        ],
        byType: [
          { type: null, count: 3 },
          { type: 'Electric', count: 1 },
        ],
        byDecade: [
          { decade: 1950, count: 1 },
          { decade: 1960, count: 3 },
        ],
      });
      const only = (await person.client.get('/v1/guitars/stats?currency=JPY')).data.byCurrency;
      expect(Object.keys(only)).toEqual(['JPY']);
      expect((await person.client.get('/v1/guitars/stats?currency=beans')).status).toBe(400);
    });
  });
});
