import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BundleApp, plain } from '../support/bundle-app.js';
import { version1Event, version2Event } from '../support/gateway-events.js';
import { type Person, TestApp } from '../support/test-app.js';
import type { PlainRequest } from '../support/transport.js';

describe('The packaged function', () => {
  let app: TestApp;
  let bundle: BundleApp;
  let ada: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    bundle = app.running as BundleApp;
    ada = await app.person();
  });
  afterAll(() => app.stop());

  const request = (method: string, path: string, extra: Partial<PlainRequest> = {}): PlainRequest => ({
    method,
    path,
    from: '192.0.2.1',
    headers: { Authorization: `Bearer ${ada.accessToken}`, 'Content-Type': 'application/json' },
    ...extra,
  });
  const body = JSON.stringify({ type: 'task', title: 'Übung', dueDate: '2025-06-25' });

  describe.each([
    ['2.0 (HTTP API)', version2Event],
    ['1.0 (REST API)', version1Event],
  ] as const)('answers events of payload format %s', (_, eventOf) => {
    const send = async (plainRequest: PlainRequest, stage?: string) =>
      plain(await bundle.invoke(eventOf(plainRequest, stage)));

    it('with a text body', async () => {
      const { status, text, headers } = await send(request('POST', '/v1/quests', { body }));
      expect([status, JSON.parse(text).data.title]).toEqual([201, 'Übung']);
      expect(headers['location']).toMatch(/^\/v1\/quests\//);
    });

    it('with a base64 body', async () => {
      const { status, text } = await send(request('POST', '/v1/quests', { body: Buffer.from(body) }));
      expect([status, JSON.parse(text).data.title]).toEqual([201, 'Übung']);
    });

    it('with a base64 body of more than a megabyte, which is refused', async () => {
      const { status, text } = await send(
        request('POST', '/v1/quests', { body: Buffer.alloc(1024 * 1024 + 1, 'x') }),
      );
      expect([status, JSON.parse(text).error.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    });

    it('without a body', async () => {
      const { status, text } = await send(request('POST', '/v1/quests'));
      expect([status, JSON.parse(text).error.code]).toEqual([400, 'QUEST_VALIDATION_ERROR']);
    });

    it('with a query', async () => {
      const { status, text } = await send(request('GET', '/v1/quests?date=2025-06-25&limit=1'));
      expect([status, JSON.parse(text).meta.count]).toEqual([200, 1]);
    });

    it('with a parameter twice, which is refused and not joined', async () => {
      const { status, text } = await send(request('GET', '/v1/quests?date=2025-06-25&date=2025-06-26'));
      expect([status, JSON.parse(text).error.details[0].field]).toEqual([400, 'date']);
    });

    it('under a stage, whatever its name', async () => {
      for (const stage of ['dev', 'v1']) {
        expect((await send(request('GET', '/v1/auth/me'), stage)).status).toBe(200);
      }
    });

    it('with the client’s address from the event, never from a header', async () => {
      const refresh = (from: string, spoofed: string) =>
        send(
          request('POST', '/v1/auth/refresh', {
            from,
            headers: {
              'Content-Type': 'application/json',
              'X-Forwarded-For': spoofed,
              Forwarded: `for=${spoofed}`,
            },
            body: '{"refreshToken":"x"}',
          }),
        );
      // A window is a minute of the clock. If one begins meanwhile, the counts of before are gone: asked again then.
      const within = async (windows: () => Promise<number[]>): Promise<number[]> => {
        const minute = () => Math.floor(Date.now() / 60_000);
        const began = minute();
        const counted = await windows();
        return minute() === began ? counted : within(windows);
      };
      const remaining = async (from: string, spoofed: string) =>
        Number((await refresh(from, spoofed)).headers['ratelimit-remaining']);
      const [before, one, same, other] = await within(async () => [
        await remaining('192.0.2.51', '198.51.100.1'),
        await remaining('192.0.2.50', '198.51.100.1'),
        await remaining('192.0.2.50', '198.51.100.2'),
        await remaining('192.0.2.51', '198.51.100.2'),
      ]);
      expect([same, other]).toEqual([Number(one) - 1, Number(before) - 1]);
    });

    it('with binary files whole', async () => {
      const { status, headers, text } = await send(
        request('GET', '/docs/swagger-ui.css', { headers: { 'Accept-Encoding': 'gzip' } }),
      );
      expect([status, headers['content-encoding']]).toEqual([200, 'gzip']);
      expect(text.length).toBeGreaterThan(1000);
    });
  });

  it('takes a path that the gateway has decoded', async () => {
    const event = version2Event(request('GET', '/v1/quests/x'));
    for (const rawPath of ['/v1/quests/a b', '/v1/quests/ä%', '/v1/quests/a?b#c', '/v1/quests/100%25']) {
      const { status, text } = plain(await bundle.invoke({ ...event, rawPath }));
      expect([status, JSON.parse(text).error.code]).toEqual([404, 'QUEST_NOT_FOUND']);
    }
  });

  it('takes an empty path for the root', async () => {
    const event = version2Event(request('GET', '/nowhere'));
    const { status, text } = plain(await bundle.invoke({ ...event, rawPath: '' }));
    expect([status, JSON.parse(text).data.name]).toEqual([200, 'Hearth']);
  });

  it('takes the path of a function URL as it was sent', async () => {
    const put = version2Event(request('PUT', '/v1/context/app:settings', { body: '{"data":{"a":1}}' }));
    expect(plain(await bundle.invoke(put)).status).toBe(200);
    const event = version2Event(request('GET', '/v1/context/app:settings'));
    const requestContext = { ...event.requestContext, domainName: 'abc.lambda-url.eu-north-1.on.aws' };
    const sent = { ...event, requestContext, rawPath: '/v1/context/app%3Asettings' };
    expect(plain(await bundle.invoke(sent)).status).toBe(200);
  });

  it('takes an HTTP API’s path of payload format 1.0, which is decoded', async () => {
    const event = version1Event(request('GET', '/v1/quests/100% of it'));
    const { status, text } = plain(await bundle.invoke({ ...event, version: '1.0' }));
    expect([status, JSON.parse(text).error.code]).toEqual([404, 'QUEST_NOT_FOUND']);
  });

  it('takes no version of the API for a stage, at a domain of one’s own', async () => {
    const event = version2Event(request('GET', '/v1/auth/me'));
    const requestContext = { ...event.requestContext, domainName: 'api.example.com', stage: 'v1' };
    expect(plain(await bundle.invoke({ ...event, requestContext })).status).toBe(200);
    const first = version1Event(request('GET', '/v1/auth/me'), 'v1');
    const context = { ...first.requestContext, domainName: 'api.example.com', path: first.path };
    expect(plain(await bundle.invoke({ ...first, requestContext: context })).status).toBe(200);
  });

  it('answers under the base path of PUBLIC_URL, which its Locations begin with', async () => {
    const other = await app.another({ PUBLIC_URL: 'https://api.example.com/base' });
    const under = other.running as BundleApp;
    const grace = await other.person();
    const headers = { Authorization: `Bearer ${grace.accessToken}`, 'Content-Type': 'application/json' };
    for (const eventOf of [version2Event, version1Event]) {
      const event = eventOf(request('POST', '/v1/quests', { body, headers }));
      const moved =
        'rawPath' in event
          ? { ...event, rawPath: `/base${event.rawPath}` }
          : { ...event, path: `/base${event.path}` };
      const answer = plain(await under.invoke(moved));
      expect([answer.status, answer.headers['location']]).toEqual([
        201,
        expect.stringMatching(/^\/base\/v1\/quests\//),
      ]);
    }
  });

  it.each([
    [
      'a ping of EventBridge',
      { version: '0', source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} },
    ],
    ['a plug-in that keeps warm', { source: 'serverless-plugin-warmup' }],
    ['a queue', { Records: [{ eventSource: 'aws:sqs', body: '{}' }] }],
    [
      'a load balancer',
      { requestContext: { elb: {} }, httpMethod: 'GET', path: '/health', headers: {}, body: '' },
    ],
    ['an empty event', {}],
    ['null', null],
    ['a text', 'x'],
  ])('fails on %s, so that Lambda counts an error', async (_, event) => {
    await expect(bundle.invoke(event)).rejects.toThrow(/answers requests of API Gateway/);
  });

  it('takes a version 1 event with single values only, as a test in the console sends', async () => {
    const event = version1Event(request('GET', '/v1/quests?date=2025-06-25'));
    const { status } = plain(
      await bundle.invoke({ ...event, multiValueQueryStringParameters: null, multiValueHeaders: null }),
    );
    expect(status).toBe(200);
  });

  it('takes cookies, which mean nothing to it', async () => {
    const event = { ...version2Event(request('GET', '/v1/auth/me')), cookies: ['a=b', 'c=d'] };
    expect(plain(await bundle.invoke(event)).status).toBe(200);
  });

  it('takes an event without any headers', async () => {
    const { headers: _, ...event } = version2Event(request('GET', '/health'));
    expect(plain(await bundle.invoke(event)).status).toBe(200);
  });

  it('sends its headers as a list of plain strings', async () => {
    const { headers } = await bundle.invoke(version2Event(request('GET', '/health')));
    for (const value of Object.values(headers ?? {})) expect(typeof value).toBe('string');
  });
});
