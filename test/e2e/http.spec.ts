import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inside } from '../support/inside.js';
import { type Person, TestApp } from '../support/test-app.js';

describe('On every route', () => {
  let app: TestApp;
  let ada: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    ada = await app.person();
  });
  afterAll(() => app.stop());

  const task = { type: 'task', title: 'Restring', dueDate: '2025-06-25' };

  describe('errors', () => {
    it('an unknown path is a 404 in the envelope', async () => {
      const { status, body } = await app.client.get('/v1/nothing/here');
      expect(status).toBe(404);
      expect(body).toEqual({
        success: false,
        error: {
          code: 'NOT_FOUND',
          message: expect.any(String),
          statusCode: 404,
          requestId: expect.any(String),
        },
      });
    });

    it('a known path with another method is a 405 with Allow', async () => {
      const { status, error, headers } = await app.client.request('PATCH', '/v1/quests');
      expect([status, error.code, headers['allow']]).toEqual([
        405,
        'METHOD_NOT_ALLOWED',
        'GET, HEAD, OPTIONS, POST',
      ]);
    });

    it('a path that cannot be decoded is a 400', async () => {
      const { status, error } = await ada.client.get('/v1/quests/%E0%A4%A?type=task');
      // Behind the gateway a path arrives decoded as far as it can be: there it is an id that is none.
      expect(['400 BAD_REQUEST', '404 QUEST_NOT_FOUND']).toContain(`${status} ${error.code}`);
    });

    it.each([
      ['malformed JSON', '{"type":', 400, 'MALFORMED_JSON'],
      ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 400, 'MALFORMED_JSON'],
      ['a JSON array', '[]', 400, 'QUEST_VALIDATION_ERROR'],
      ['a JSON string', '"text"', 400, 'QUEST_VALIDATION_ERROR'],
      ['null', 'null', 400, 'QUEST_VALIDATION_ERROR'],
      ['nothing', '', 400, 'QUEST_VALIDATION_ERROR'],
      ['two megabytes', JSON.stringify({ title: 'x'.repeat(2 * 1024 * 1024) }), 413, 'PAYLOAD_TOO_LARGE'],
      ['very deep JSON', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, 400, 'QUEST_VALIDATION_ERROR'],
    ])('a body of %s is a %i', async (_, raw, status, code) => {
      const answer = await ada.client.request('POST', '/v1/quests', { raw });
      expect([answer.status, answer.error.code]).toEqual([status, code]);
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1', ''])(
      'a body of type "%s" is a 415',
      async (type) => {
        const answer = await ada.client.request('POST', '/v1/quests', {
          raw: JSON.stringify(task),
          headers: { 'Content-Type': type },
        });
        expect([answer.status, answer.error.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
      },
    );

    it('a compressed body is a 415', async () => {
      const answer = await ada.client.request('POST', '/v1/quests', {
        raw: Buffer.from('zip'),
        headers: { 'Content-Encoding': 'gzip' },
      });
      expect([answer.status, answer.error.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    });
  });

  describe('validation', () => {
    it('names every fault of every field at once', async () => {
      const { status, error } = await ada.client.post('/v1/quests', {
        type: 'chore',
        title: '',
        dueDate: '2025-02-30',
        priority: 'urgent',
      });
      expect([status, error.code]).toEqual([400, 'QUEST_VALIDATION_ERROR']);
      expect(error.details?.map(({ field, code }) => `${field} ${code}`).sort()).toEqual([
        'dueDate isDateOnly',
        'priority isIn',
        'title isLength',
        'type isIn',
      ]);
    });

    it.each(['id', 'userId', 'version', 'createdAt', 'PK', 'role', 'nonsense', '__proto__', 'constructor'])(
      'the field %s can not be set by a body',
      async (field) => {
        const raw = `{"type":"task","title":"x","dueDate":"2025-06-25","${field}":{"a":1}}`;
        const { status, error } = await ada.client.request('POST', '/v1/quests', { raw });
        expect(status).toBe(400);
        expect(error.details).toContainEqual(expect.objectContaining({ field, code: 'unknownField' }));
      },
    );

    it.each(['colour', 'after'])('an unknown query parameter such as %s is named', async (field) => {
      const { error } = await ada.client.get(`/v1/quests?date=2025-06-25&${field}=red`);
      expect(error.details).toContainEqual(expect.objectContaining({ field, code: 'unknownField' }));
    });

    it.each([
      ['a bell', 'ring\u0007', 'noControlCharacters'],
      ['NUL', 'a\u0000b', 'noControlCharacters'],
      ['DEL', 'a\u007fb', 'noControlCharacters'],
    ])('text with %s is refused', async (_, title, code) => {
      const { status, error } = await ada.client.post('/v1/quests', { ...task, title });
      expect(status).toBe(400);
      expect(error.details).toContainEqual(expect.objectContaining({ field: 'title', code }));
    });

    it('text with half a surrogate pair is refused, not silently changed', async () => {
      const raw = '{"type":"task","title":"a\\ud800b","dueDate":"2025-06-25"}';
      const { status, error } = await ada.client.request('POST', '/v1/quests', { raw });
      expect([status, error.details?.[0]?.code]).toEqual([400, 'isWellFormed']);
    });

    it('text is trimmed and brought to NFC', async () => {
      const { data } = await ada.client.post('/v1/quests', { ...task, title: '  Cafe\u0301 \r\n' });
      expect(data.title).toBe('Caf\u00e9');
    });

    it('a number that DynamoDB cannot keep is refused', async () => {
      for (const number of ['1e300', '1e999', '12345678901234567890', '1e-200']) {
        const { status, error } = await ada.client.request('PUT', '/v1/user/preferences', {
          raw: `{"zoom":${number}}`,
        });
        expect([status, error.details?.[0]?.code]).toEqual([400, 'numberRange']);
      }
    });

    it.each(['0', '101', '-1', '1.5', 'ten', ''])('limit=%s is a 400', async (limit) => {
      const { status, error } = await ada.client.get(`/v1/quests?type=task&limit=${limit}`);
      expect([status, error.details?.[0]?.field]).toEqual([400, 'limit']);
    });
  });

  describe('headers', () => {
    it('a request id is made, or taken from the client, and stands in the error', async () => {
      const made = await app.client.get('/v1/nothing');
      expect(made.headers['x-request-id']).toBe(made.error.requestId);
      const given = await app.client.get('/v1/nothing', { headers: { 'X-Request-Id': 'mine-1' } });
      expect(given.error.requestId).toBe('mine-1');
      const odd = await app.client.get('/v1/nothing', { headers: { 'X-Request-Id': 'a b"c' } });
      expect(odd.error.requestId).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('private answers are kept by nobody, public ones for a while', async () => {
      expect((await ada.client.get('/v1/auth/me')).headers['cache-control']).toBe('no-store');
      expect((await app.client.get('/v1/errors')).headers['cache-control']).toMatch(/^public, max-age=\d+/);
      expect((await app.client.get('/v1/nothing')).headers['cache-control']).toBe('no-store');
    });

    it('types are not sniffed, and no framework shows itself', async () => {
      const { headers } = await app.client.get('/health');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-powered-by']).toBeUndefined();
    });

    it('HEAD answers as GET does, without a body', async () => {
      const { status, headers, text } = await app.client.request('HEAD', '/v1/errors');
      expect([status, text]).toEqual([200, '']);
      expect(headers['etag']).toBeDefined();
    });

    it('a browser may ask from anywhere on a laptop, with any headers and without credentials', async () => {
      const { status, headers } = await app.client.request('OPTIONS', '/v1/quests', {
        headers: {
          Origin: 'https://app.example.com',
          'Access-Control-Request-Method': 'PUT',
          'Access-Control-Request-Headers': 'if-match,x-requested-with,traceparent,sentry-trace,x-whatever',
        },
      });
      expect(status).toBe(204);
      expect(headers['access-control-allow-origin']).toBe('*');
      expect(headers['access-control-allow-methods']).toContain('PUT');
      expect(headers['access-control-allow-headers']).toBe(
        'if-match,x-requested-with,traceparent,sentry-trace,x-whatever',
      );
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    });
  });

  describe('ETag', () => {
    it('saves an answer that has not changed', async () => {
      const { data } = await ada.client.post('/v1/quests', task);
      const first = await ada.client.get(`/v1/quests/${data.id}`);
      expect(first.headers['etag']).toMatch(/^"v1-[\w-]{16}"$/);
      for (const tag of [first.headers['etag'], `"other", ${first.headers['etag']}`, '*']) {
        const again = await ada.client.get(`/v1/quests/${data.id}`, {
          headers: { 'If-None-Match': tag ?? '' },
        });
        expect([again.status, again.text]).toEqual([304, '']);
      }
    });

    it('lets a change through only where the client has seen the current version', async () => {
      const made = await ada.client.post('/v1/quests', task);
      const path = `/v1/quests/${made.data.id}?type=task`;
      const seen = { 'If-Match': made.headers['etag'] ?? '' };
      const changed = await ada.client.put(path, { title: 'First' }, { headers: seen });
      expect([changed.status, changed.data.version]).toEqual([200, 2]);
      for (const body of [{ title: 'Second' }, { status: 'completed' }]) {
        const stale = await ada.client.put(path, body, { headers: seen });
        expect([stale.status, stale.error.code]).toEqual([412, 'PRECONDITION_FAILED']);
      }
      const removal = await ada.client.delete(path, { headers: seen });
      expect([removal.status, removal.error.code]).toEqual([412, 'PRECONDITION_FAILED']);
      expect((await ada.client.get(path)).data.title).toBe('First');
    });

    it('a tag that is not ours, or a weak one, matches nothing', async () => {
      const made = await ada.client.post('/v1/quests', task);
      for (const tag of ['"abc"', `W/${made.headers['etag']}`, 'v1', '']) {
        const answer = await ada.client.put(
          `/v1/quests/${made.data.id}?type=task`,
          { title: 'x' },
          { headers: { 'If-Match': tag } },
        );
        expect(answer.status).toBe(412);
      }
    });

    it('If-Match: * takes any version', async () => {
      const made = await ada.client.post('/v1/quests', task);
      const path = `/v1/quests/${made.data.id}?type=task`;
      const answer = await ada.client.put(path, { title: 'x' }, { headers: { 'If-Match': '*' } });
      expect(answer.status).toBe(200);
    });

    it('a preference called version does not pass for the version', async () => {
      const first = await ada.client.put('/v1/user/preferences', { version: 77 });
      expect(first.headers['etag']).not.toContain('v77');
      const second = await ada.client.put(
        '/v1/user/preferences',
        { version: 78 },
        { headers: { 'If-Match': first.headers['etag'] ?? '' } },
      );
      expect(second.status).toBe(200);
    });
  });

  inside('writes one log line a request, with its cost and without its content', async () => {
    const { headers } = await ada.client.post('/v1/quests', { ...task, title: 'A secret title' });
    const line = app.logOf(headers['x-request-id']);
    expect(line).toMatchObject({
      level: 'INFO',
      method: 'POST',
      route: '/v1/quests',
      status: 201,
      userId: ada.userId,
      roundTrips: 1,
      writeUnits: 3,
    });
    expect(line).not.toHaveProperty('aborted');
    const all = JSON.stringify(app.running.logs);
    for (const secret of ['A secret title', ada.accessToken, ada.refreshToken, 'Corr3ct-horse', ada.email]) {
      expect(all).not.toContain(secret);
    }
  });
});
