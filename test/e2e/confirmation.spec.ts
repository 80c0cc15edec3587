import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { confirmationOf } from '../support/client.js';
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
  const confirm = (email: string, code: string) =>
    app.client.post('/v1/auth/confirm', confirmationOf(email, code));
  const login = (email: string) => app.client.post('/v1/auth/login', { email, password: PASSWORD });

  it('an account is of no use, and has no profile, until the code from the mail was given', async () => {
    const { email, userId, data } = await register();
    expect(data).toEqual({ userId, email, confirmed: false, registrationToken: expect.any(String) });
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

  it('whoever has not confirmed gets no code for a new password, and registers anew instead', async () => {
    const { email, userId } = await register();
    const before = (await app.mails()).length;
    expect((await app.client.post('/v1/auth/forgot-password', { email })).status).toBe(202);
    expect((await app.mails()).length).toBe(before);
    const body = { email, password: 'N3w-horse!', name: 'The Owner' };
    const again = await app.client.post('/v1/auth/register', body);
    expect([again.status, again.data.userId === userId]).toEqual([201, false]);
    expect((await confirm(email, await app.codeFor(email))).status).toBe(200);
    expect((await login(email)).error.code).toBe('AUTH_INVALID_CREDENTIALS');
    const owner = await app.signIn(email, 'N3w-horse!');
    expect((await owner.client.get('/v1/auth/me')).data).toMatchObject({
      name: 'The Owner',
      emailVerified: true,
    });
    expect(
      (await rowsOf(app)).filter(({ PK }) => PK === `USER#${userId}`).map(({ EntityType }) => EntityType),
    ).toEqual(['AUDIT']);
  });
});
