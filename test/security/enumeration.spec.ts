import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { confirmationOf } from '../support/client.js';
import { PASSWORD, TestApp } from '../support/test-app.js';

describe('Where no answer may tell who has an account', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({
      environment: { AUTH_EMAIL_CONFIRMATION: 'required', AUTH_PREVENT_ENUMERATION: 'true' },
    });
  });
  afterAll(() => app.stop());

  const account = (email: string, fields: object = {}) => ({
    email,
    password: PASSWORD,
    name: 'New Person',
    ...fields,
  });
  const confirmed = async (email: string) => {
    await app.client.post('/v1/auth/register', account(email));
    await app.client.post('/v1/auth/confirm', confirmationOf(email, await app.codeFor(email)));
    return email;
  };
  /** Status, headers that differ by nature left out, and body, byte for byte. */
  let requests = 0;
  const bytes = async (path: string, body: object) => {
    requests += 1;
    const headers = { 'X-Request-Id': '0b7c1f7e-6f0e-4f0c-9d53-2f6f2a1f6a11' };
    const from = `127.7.0.${requests}`;
    const { status, text, headers: given } = await app.client.from(from).post(path, body, { headers });
    const { date: _, 'ratelimit-remaining': __, 'ratelimit-reset': ___, ...rest } = given;
    return JSON.stringify([status, rest, text.replace(/"registrationToken":"[\w-]{43}"/, 'a token')]);
  };

  it('register, login, resend and forgot answer alike for known, unknown, unconfirmed and disabled addresses', async () => {
    const owner = await confirmed('owner@example.com');
    const known = await confirmed('known@example.com');
    const disabled = await confirmed('disabled@example.com');
    await app.client.post('/v1/auth/register', account('unconfirmed@example.com'));
    const { client } = await app.signIn(owner);
    const { data } = await client.get('/v1/users');
    const { userId } = data.find(({ email }: { email: string }) => email === disabled);
    expect((await client.patch(`/v1/users/${userId}`, { status: 'disabled' })).status).toBe(200);

    const addresses = [known, 'unknown@example.com', 'unconfirmed@example.com', disabled];
    const requests: [string, (email: string) => object][] = [
      ['/v1/auth/login', (email) => ({ email, password: 'Wr0ng-horse' })],
      ['/v1/auth/resend-confirmation', (email) => ({ email })],
      ['/v1/auth/forgot-password', (email) => ({ email })],
      ['/v1/auth/register', (email) => account(email)],
      ['/v1/auth/login', (email) => ({ email, password: email === known ? 'Wr0ng-horse' : PASSWORD })],
    ];
    for (const [path, bodyFor] of requests) {
      const answers = new Set<string>();
      for (const email of addresses) answers.add(await bytes(path, bodyFor(email)));
      expect([path, answers.size]).toEqual([path, 1]);
    }
  });

  it('whoever has the address learns by mail that somebody tried to register with it', async () => {
    const email = await confirmed('told@example.com');
    expect((await app.client.post('/v1/auth/register', account(email))).status).toBe(202);
    expect((await app.mails()).at(-1)).toContain('You have an account already');
    expect((await app.signIn(email)).email).toBe(email);
  });

  it('a taken username is refused alike for known and unknown addresses', async () => {
    await app.client.post('/v1/auth/register', account('first@example.com', { username: 'taken' }));
    await app.client.post(
      '/v1/auth/confirm',
      confirmationOf('first@example.com', await app.codeFor('first@example.com')),
    );
    const answers = new Set([
      await bytes('/v1/auth/register', account('first@example.com', { username: 'Taken' })),
      await bytes('/v1/auth/register', account('nobody-yet@example.com', { username: 'Taken' })),
    ]);
    expect(answers.size).toBe(1);
    expect([...answers][0]).toContain('USERNAME_TAKEN');
  });

  it('a username that an unconfirmed registration holds is given alike to the same address and to another', async () => {
    await app.client.post('/v1/auth/register', account('waits@example.com', { username: 'waiting' }));
    const answers = new Set([
      await bytes('/v1/auth/register', account('waits@example.com', { username: 'Waiting' })),
      await bytes('/v1/auth/register', account('another@example.com', { username: 'Waiting' })),
    ]);
    expect(answers.size).toBe(1);
  });
});
