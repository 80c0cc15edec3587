import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rowsOf } from '../support/rows.js';
import { PASSWORD, TestApp } from '../support/test-app.js';

describe('Where addresses must be confirmed', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ environment: { AUTH_EMAIL_CONFIRMATION: 'required' } });
  });
  afterAll(() => app.stop());

  const register = async () => {
    const email = `${randomUUID()}@example.com`;
    const body = { email, password: PASSWORD, name: 'New Person' };
    const { data } = await app.client.post('/v1/auth/register', body);
    return { email, userId: data.userId as string, data };
  };
  const confirm = (email: string, code: string) => app.client.post('/v1/auth/confirm', { email, code });
  const login = (email: string) => app.client.post('/v1/auth/login', { email, password: PASSWORD });

  it('an account is of no use, and has no profile, until the code from the mail was given', async () => {
    const { email, userId, data } = await register();
    expect(data).toEqual({ userId, email, confirmed: false });
    expect((await login(email)).error.code).toBe('AUTH_NOT_CONFIRMED');
    const kinds = async () =>
      (await rowsOf(app)).filter(({ PK }) => PK === `USER#${userId}`).map(({ EntityType }) => EntityType);
    expect(await kinds()).not.toContain('USER');
    expect((await confirm(email, await app.codeFor(email))).data).toEqual({ confirmed: true });
    expect(await kinds()).toContain('USER');
    const signedIn = await login(email);
    expect(signedIn.data.user).toMatchObject({ userId, email, emailVerified: true });
  });

  it('a wrong password says nothing of whether the address is confirmed', async () => {
    const { email } = await register();
    const wrong = await app.client.post('/v1/auth/login', { email, password: 'Wr0ng-horse' });
    expect(wrong.error.code).toBe('AUTH_INVALID_CREDENTIALS');
  });

  it('a code counts once, stands five guesses, and none counts for nobody', async () => {
    const { email } = await register();
    const code = await app.codeFor(email);
    const wrong = code === '000000' ? '000001' : '000000';
    expect((await confirm(email, wrong)).error.code).toBe('AUTH_CODE_INVALID');
    expect((await confirm(email, code)).status).toBe(200);
    expect((await confirm(email, code)).error.code).toBe('AUTH_CODE_INVALID');
    const other = await register();
    for (let guess = 0; guess < 5; guess += 1) await confirm(other.email, wrong);
    expect((await confirm(other.email, await app.codeFor(other.email))).error.code).toBe('AUTH_CODE_INVALID');
    expect((await confirm('unknown@example.com', code)).error.code).toBe('AUTH_CODE_INVALID');
  });

  it('another code can be asked for, five times an hour, and replaces the one before', async () => {
    const { email } = await register();
    const before = await app.codeFor(email);
    const resend = () => app.client.post('/v1/auth/resend-confirmation', { email });
    const asked = await resend();
    expect(asked.status).toBe(202);
    const after = await app.codeFor(email);
    if (before !== after) expect((await confirm(email, before)).error.code).toBe('AUTH_CODE_INVALID');
    for (let time = 0; time < 5; time += 1) await resend();
    expect(await app.codesFor(email)).toHaveLength(5);
    expect((await confirm(email, await app.codeFor(email))).status).toBe(200);
    const again = await resend();
    expect(again.data).toEqual(asked.data);
    expect(await app.codesFor(email)).toHaveLength(5);
  });

  it('a code for a new password proves the address as well: who reads its mail has the account, whoever registered', async () => {
    const { email, userId } = await register();
    await app.client.post('/v1/auth/forgot-password', { email });
    const reset = { email, code: await app.codeFor(email), newPassword: 'N3w-horse!' };
    expect((await app.client.post('/v1/auth/reset-password', reset)).data).toEqual({ reset: true });
    expect((await login(email)).error.code).toBe('AUTH_INVALID_CREDENTIALS');
    const owner = await app.signIn(email, 'N3w-horse!');
    expect((await owner.client.get('/v1/auth/me')).data).toMatchObject({ id: userId, emailVerified: true });
  });
});

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
    await app.client.post('/v1/auth/confirm', { email, code: await app.codeFor(email) });
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
    return JSON.stringify([status, rest, text]);
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
    const answers = new Set([
      await bytes('/v1/auth/register', account('first@example.com', { username: 'Taken' })),
      await bytes('/v1/auth/register', account('nobody-yet@example.com', { username: 'Taken' })),
    ]);
    expect(answers.size).toBe(1);
    expect([...answers][0]).toContain('USERNAME_TAKEN');
  });

  it('is refused as a setting where accounts are usable at once', async () => {
    const { loadConfig } = await import('../../src/config/config.js');
    expect(() => loadConfig({ AUTH_PREVENT_ENUMERATION: 'true' })).toThrow(
      /AUTH_EMAIL_CONFIRMATION=required/,
    );
  });
});
