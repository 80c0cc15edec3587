import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, TestApp } from '../support/test-app.js';

const PAGE = 'https://app.example.com';
const REFRESH = '/v1/auth/refresh';

describe('The refresh cookie', () => {
  let app: TestApp;
  let email: string;
  beforeAll(async () => {
    app = await TestApp.start({ environment: { AUTH_REFRESH_COOKIE: 'true', CORS_ORIGINS: PAGE } });
    email = (await app.person()).email;
  });
  afterAll(() => app.stop());

  const login = (headers: Record<string, string>) =>
    app.client.post('/v1/auth/login', { email, password: PASSWORD }, { headers });
  const cookieOf = (answer: { headers: Readonly<Record<string, string>> }) =>
    [answer.headers['set-cookie'] ?? ''].flat()[0] ?? '';
  const pair = (cookie: string) => cookie.split(';')[0] ?? '';
  const refresh = (headers: Record<string, string>, body?: object) =>
    app.client.post(REFRESH, body, { headers });

  it('is what a page gets in place of the token, out of reach of its scripts', async () => {
    const answer = await login({ Origin: PAGE });
    expect([answer.status, 'refreshToken' in answer.data, 'accessToken' in answer.data]).toEqual([
      200,
      false,
      true,
    ]);
    const attributes = cookieOf(answer).split('; ').slice(1);
    expect(attributes).toEqual(
      expect.arrayContaining(['HttpOnly', 'Secure', 'SameSite=Strict', `Path=${REFRESH}`, 'Max-Age=2592000']),
    );
    expect(answer.headers['access-control-allow-origin']).toBe(PAGE);
    expect(answer.headers['access-control-allow-credentials']).toBe('true');
  });

  it('signs a page in again after a reload, and is renewed each time', async () => {
    const first = pair(cookieOf(await login({ Origin: PAGE })));
    const again = await refresh({ Origin: PAGE, Cookie: `other=1; ${first}` });
    expect([again.status, 'refreshToken' in again.data]).toEqual([200, false]);
    const second = pair(cookieOf(again));
    expect(second).not.toBe(first);
    expect((await refresh({ Origin: PAGE, Cookie: second })).status).toBe(200);
    const client = app.client.as(again.data.accessToken);
    expect((await client.get('/v1/auth/me')).data.email).toBe(email);
  });

  it('is of no use to other pages, nor without an Origin', async () => {
    const cookie = pair(cookieOf(await login({ Origin: PAGE })));
    for (const headers of [{ Origin: 'https://evil.example' }, { Origin: 'null' }, undefined]) {
      const { status, error } = await refresh({ ...headers, Cookie: cookie });
      expect([status, error.details?.[0]]).toMatchObject([400, { field: 'refreshToken', code: 'required' }]);
    }
    expect((await refresh({ Origin: PAGE, Cookie: cookie })).status).toBe(200);
  });

  it('is forgotten when the person signs out, however old the page is, and when it is refused', async () => {
    const out = await app.client.post('/v1/auth/logout', undefined, { headers: { Origin: PAGE } });
    expect([out.status, cookieOf(out)]).toEqual([401, expect.stringContaining('1970')]);
    for (const value of ['nonsense', '%', '']) {
      const answer = await refresh({ Origin: PAGE, Cookie: `hearth_refresh=${value}` });
      expect([400, 401]).toContain(answer.status);
      expect(cookieOf(answer)).toContain('1970');
    }
  });

  it('leaves pages of other sites alone, whose browsers would not keep it', async () => {
    const { data, headers } = await login({ Origin: PAGE, 'Sec-Fetch-Site': 'cross-site' });
    expect([typeof data.refreshToken, headers['set-cookie']]).toEqual(['string', undefined]);
  });

  it('leaves apps alone, which send no Origin', async () => {
    const { data, headers } = await login({});
    expect([typeof data.refreshToken, headers['set-cookie']]).toEqual(['string', undefined]);
    const again = await refresh({}, { refreshToken: data.refreshToken });
    expect([again.status, typeof again.data.refreshToken]).toEqual([200, 'string']);
  });

  it('goes with the session', async () => {
    const answer = await login({ Origin: PAGE });
    const client = app.client.as(answer.data.accessToken);
    const out = await client.post('/v1/auth/logout', undefined, { headers: { Origin: PAGE } });
    expect(cookieOf(out)).toMatch(/^hearth_refresh=;.*Expires=Thu, 01 Jan 1970/);
    const { status, error } = await refresh({ Origin: PAGE, Cookie: pair(cookieOf(answer)) });
    expect([status, error.code]).toEqual([401, 'AUTH_REFRESH_INVALID']);
  });

  it('is not there unless it is asked for', () =>
    TestApp.with({ environment: { CORS_ORIGINS: PAGE } }, async (plain) => {
      const { email: other } = await plain.person();
      const { data, headers } = await plain.client.post(
        '/v1/auth/login',
        { email: other, password: PASSWORD },
        { headers: { Origin: PAGE } },
      );
      expect([typeof data.refreshToken, headers['set-cookie']]).toEqual(['string', undefined]);
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    }));
});
