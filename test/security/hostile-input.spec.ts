import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, TestApp } from '../support/test-app.js';

/** Bodies that once ended the process or kept it busy for seconds, each at the size limit of 1 MB. */
const BODIES: Readonly<Record<string, () => string>> = {
  'a long name over many faults': () =>
    `{"${'k'.repeat(100_000)}":[${Array(20_000)
      .fill(String.raw`"\u0000"`)
      .join()}]}`,
  'a name of 201 characters over many faults': () =>
    `{"${'k'.repeat(201)}":[${Array(1000)
      .fill(String.raw`"\u0000"`)
      .join()}]}`,
  'empty arrays side by side': () => `{"email":[${'[],'.repeat(330_000)}[]]}`,
  'arrays in arrays': () => `{"email":${'['.repeat(500_000)}${']'.repeat(500_000)}}`,
  '95,000 unknown fields': () => `{${Array.from({ length: 95_000 }, (_, at) => `"f${at}":1`).join()}}`,
  '2,000 unknown fields': () => `{${Array.from({ length: 2000 }, (_, at) => `"f${at}":1`).join()}}`,
  '300,000 empty operations': () => `{"operations":[${'{},'.repeat(300_000)}{}]}`,
  '1,900 empty operations': () => `{"operations":[${'{},'.repeat(1900)}{}]}`,
  'a megabyte of combining marks': () => `{"email":"a${'\u0315\u0300'.repeat(250_000)}"}`,
  'a password of combining marks': () =>
    `{"email":"a@example.com","password":"${'\u0315\u0300'.repeat(240_000)}","name":"Nn"}`,
  'control characters by the thousand': () => `{"email":["${Array(1900).fill('\\u0001').join('","')}"]}`,
  'names of control characters': () =>
    `{${Array.from({ length: 1900 }, (_, at) => `"${'\\u0001'.repeat(80)}${at}":"\\u0001"`).join()}}`,
};

describe('A body that is made to cost', () => {
  let app: TestApp;
  let ada: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    ada = await app.person();
  });
  afterAll(() => app.stop());

  const ROUTES = [
    '/v1/auth/login',
    '/v1/auth/register',
    '/v1/auth/forgot-password',
    '/v1/invites/validate',
    '/v1/visitors/track',
    '/v1/analytics/track',
    '/v1/webhooks/ses',
    '/v1/quests/batch',
    '/v1/memories',
  ];

  describe.each(ROUTES)('to %s', (path) => {
    it.each(Object.keys(BODIES))('%s is a 400 of at most 64 KB', async (name) => {
      const answer = await ada.client.request('POST', path, { raw: BODIES[name]?.() ?? '' });
      expect([answer.status, Buffer.byteLength(answer.text) <= 64 * 1024]).toEqual([400, true]);
      expect(answer.error.details?.length).toBeLessThanOrEqual(50);
      for (const { field } of answer.error.details ?? []) expect(field.length).toBeLessThanOrEqual(200);
    });
  });

  it('says in the last entry how many more faults there are', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`f${at}`, 1]));
    const { error } = await ada.client.post('/v1/memories', { content: 'a', ...unknown });
    expect(error.details).toHaveLength(50);
    expect(error.details?.at(-1)).toMatchObject({
      code: 'tooManyFaults',
      message: 'There are more faults: 71',
    });
  });

  it('is bounded before the fingerprint of an Idempotency-Key is taken', async () => {
    const raw = `{"content":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    for (const path of ['/v1/memories', '/v1/chat/messages', '/v1/quests']) {
      const headers = { 'Idempotency-Key': 'deep' };
      const { status, error } = await ada.client.request('POST', path, { raw, headers });
      expect([status, error.details]).toEqual([400, [expect.objectContaining({ code: 'maxDepth' })]]);
    }
  });

  it('is bounded in a row of a file as well', async () => {
    const headers = { 'Content-Type': 'text/csv' };
    const cell = `"${'\u0315\u0300'.repeat(50_000)}"`;
    const raw = `brand,model,year\n${cell},Tele,1964\nFender,Tele,1964\n`;
    const { status, data } = await ada.client.request('POST', '/v1/guitars/import?dryRun=true', {
      raw,
      headers,
    });
    expect([status, data.created]).toEqual([200, 1]);
    expect(data.failed).toEqual([
      { row: 1, errors: [expect.objectContaining({ field: 'brand', code: 'isLength' })] },
    ]);
    const notes = `brand,model,year,notes\nFender,Tele,1964,"${'['.repeat(100_000)}"\n`;
    const deep = await ada.client.request('POST', '/v1/guitars/import?dryRun=true', { raw: notes, headers });
    expect([deep.status, deep.data.failed[0].errors[0].code]).toEqual([200, 'isLength']);
  });

  it('of a file with more than 50 wrong rows is refused, and nothing of it is imported', async () => {
    const right = { brand: 'Fender', model: 'Refused', year: 1964 };
    const wrong = (rows: number) => Array.from({ length: rows }, () => ({ x: 1 }));
    const refused = await ada.client.post('/v1/guitars/import', { guitars: [right, ...wrong(51)] });
    expect([refused.status, refused.error.code]).toEqual([400, 'IMPORT_UNREADABLE']);
    expect(refused.error.details?.[1]?.field).toBe('guitars[1].x');
    expect((await ada.client.get('/v1/guitars?search=Refused')).data).toEqual([]);
    const taken = await ada.client.post('/v1/guitars/import', { guitars: [right, ...wrong(50)] });
    expect([taken.status, taken.data.created, taken.data.failed.length]).toEqual([200, 1, 50]);
  });
});

describe('Odd input', () => {
  let app: TestApp;
  let ada: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    ada = await app.person();
  });
  afterAll(() => app.stop());

  const guitar = { brand: 'Fender', model: 'Tele', year: 1964 };

  it('the body of a GET is ignored, whatever it is', async () => {
    const written: Record<string, string>[] = [
      {},
      { 'Content-Type': 'text/plain' },
      { 'Content-Encoding': 'gzip' },
    ];
    for (const headers of written) {
      const { status } = await ada.client.request('GET', '/v1/memories', { raw: 'x', headers });
      expect(status).toBe(200);
    }
  });

  it('nobody’s body is read who may not call', async () => {
    const { status, error } = await app.client.request('POST', '/v1/memories', { raw: '{' });
    expect([status, error.code]).toEqual([401, 'AUTH_UNAUTHORIZED']);
  });

  it('a byte order mark before JSON is ignored (RFC 8259, 8.1)', async () => {
    const raw = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"content":"Nine gauge"}')]);
    expect((await ada.client.request('POST', '/v1/memories', { raw })).status).toBe(201);
  });

  it.each(['toString', 'valueOf', 'hasOwnProperty', '__lookupGetter__', 'constructor'])(
    'an unknown field called %s is refused like any other',
    async (name) => {
      const bodies = [
        ['/v1/memories', { content: 'a' }],
        ['/v1/guitars', guitar],
        ['/v1/quests', { type: 'task', title: 'x', dueDate: '2025-06-25' }],
      ] as const;
      for (const [path, body] of bodies) {
        const { status, error } = await ada.client.post(path, { ...body, [name]: 'x' });
        expect([status, error.details]).toEqual([
          400,
          [expect.objectContaining({ field: name, code: 'unknownField' })],
        ]);
      }
    },
  );

  it('a context and preferences keep names that every object has', async () => {
    const data = { toString: 'x', valueOf: 1, n: { toString: 5, hasOwnProperty: [{ isPrototypeOf: 1 }] } };
    expect((await ada.client.put('/v1/context/t1', { data })).data.data).toEqual(data);
    expect((await ada.client.get('/v1/context/t1')).data.data).toEqual(data);
    await ada.client.put('/v1/user/preferences', data);
    expect((await ada.client.get('/v1/user/preferences')).data).toMatchObject(data);
    await ada.client.put('/v1/user/profile', { preferences: { valueOf: 2 } });
    expect((await ada.client.get('/v1/user/preferences')).data).toMatchObject({ valueOf: 2 });
  });

  it('null in the place of an invitation is none, as forms send it', async () => {
    const body = { email: 'forms@example.com', password: 'Corr3ct-horse', name: 'Forms', inviteCode: null };
    expect((await app.client.post('/v1/auth/register', { ...body, username: null })).status).toBe(201);
  });

  it.each(['Ada\nBcc: x', '\u200b\u200b', '\u00ad\u00ad\u00ad', 'ad\u202ea', 'Ada\u2028x', '\u3164\u3164'])(
    'a name such as %j is no visible line',
    async (name) => {
      const { status, error } = await ada.client.put('/v1/user/name', { name });
      expect([status, error.details?.[0]?.code]).toEqual([400, 'oneLine']);
    },
  );

  it.each(['Ada Lovelace', '李小龍', 'نیما\u200cزاده', '👩\u200d👩\u200d👧 & co'])(
    'a name such as %s is',
    async (name) => {
      expect((await ada.client.put('/v1/user/name', { name })).status).toBe(200);
    },
  );

  it.each(['\u200b', '\u200d', '\u3164', '\ufe0f'])(
    'an address with %j is refused, not another account',
    async (character) => {
      const { status } = await app.client.post('/v1/auth/register', {
        email: `a${character}@example.com`,
        password: 'Corr3ct-horse',
        name: 'Ada',
      });
      expect(status).toBe(400);
    },
  );

  it('If-Match takes 100 versions, each once, and no more', async () => {
    const { data } = await ada.client.post('/v1/guitars', guitar);
    const tags = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, at) => `"v${from + at}-x"`).join();
    const put = (tag: string) =>
      ada.client.put(`/v1/guitars/${data.id}`, { color: 'red' }, { headers: { 'If-Match': tag } });
    expect((await put(tags(1, 101))).status).toBe(400);
    expect((await put(`${tags(1, 100)},${tags(1, 100)}`)).status).toBe(200);
    const settings = await ada.client.put(
      '/v1/user/preferences',
      {},
      { headers: { 'If-Match': tags(1, 101) } },
    );
    expect(settings.status).toBe(400);
  });

  it('one Idempotency-Key has one effect, however its path is written', async () => {
    const headers = { 'Idempotency-Key': 'paths' };
    const answers = [];
    for (const path of ['/v1/guitars', '/v1/guitars/', '/V1/Guitars', '/v1/guitars?'])
      answers.push(await ada.client.post(path, guitar, { headers }));
    expect(new Set(answers.map(({ data }) => data.id)).size).toBe(1);
  });

  it('HSTS is for https alone (RFC 6797, 7.2)', async () => {
    const { headers } = await app.client.get('/health');
    expect(headers['strict-transport-security']).toBeUndefined();
  });
});
