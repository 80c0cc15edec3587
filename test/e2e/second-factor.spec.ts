import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { TestClock } from '../support/clock.js';
import { PASSWORD, type Person, TestApp } from '../support/test-app.js';

/** What an authenticator app shows, so many steps of thirty seconds from now. */
const codeOf = (secret: string, steps = 0, now = Date.now()) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now + steps * 30_000 });

describe('A second factor', () => {
  let app: TestApp;
  const clock = new TestClock();
  beforeAll(async () => {
    app = await TestApp.start({ clock });
  });
  afterAll(() => app.stop());

  const now = () => clock.now().getTime();
  const later = () => clock.forward({ seconds: 30 });
  const enrol = async (person: Person) => (await person.client.post('/v1/auth/mfa/totp')).data;
  const enable = async (person: Person) => {
    const { secret } = await enrol(person);
    const { data } = await person.client.post('/v1/auth/mfa/totp/verify', { code: codeOf(secret, 0, now()) });
    later();
    return { secret, backupCodes: data.backupCodes as string[] };
  };
  const login = async ({ email }: Person) =>
    (await app.client.post('/v1/auth/login', { email, password: PASSWORD })).data;
  let answers = 0;
  const answer = (challenge: { session: string; challenge: string }, code: string) => {
    answers += 1;
    const client = app.client.from(`127.8.${Math.floor(answers / 250)}.${(answers % 250) + 1}`);
    return client.post('/v1/auth/login/challenge', { ...challenge, answer: code });
  };
  const fresh = async () => {
    const person = await app.person();
    return { person, ...(await enable(person)) };
  };

  it('is proposed, and counts once a code of it was shown', async () => {
    const person = await app.person();
    const { secret, otpauthUrl } = await enrol(person);
    expect(otpauthUrl).toMatch(/^otpauth:\/\/totp\/Hearth:.*secret=/);
    expect((await login(person)).accessToken).toBeDefined();
    const wrong = await person.client.post('/v1/auth/mfa/totp/verify', { code: codeOf(secret, 5, now()) });
    expect([wrong.status, wrong.error.code]).toEqual([400, 'AUTH_CODE_INVALID']);
    const right = await person.client.post('/v1/auth/mfa/totp/verify', { code: codeOf(secret, 0, now()) });
    expect(right.data.enabled).toBe(true);
    expect(new Set(right.data.backupCodes).size).toBe(10);
    expect((await app.mails()).at(-1)).toContain('A second factor was added');
    const second = await person.client.post('/v1/auth/mfa/totp');
    expect([second.status, second.error.code]).toEqual([409, 'MFA_ENABLED']);
  });

  it('is asked for after the right password, and not after a wrong one', async () => {
    const { person, secret } = await fresh();
    const challenge = await login(person);
    expect(Object.keys(challenge).sort()).toEqual(['challenge', 'session']);
    expect(challenge.challenge).toBe('SOFTWARE_TOKEN_MFA');
    const done = await answer(challenge, codeOf(secret, 0, now()));
    expect(done.data).toMatchObject({ tokenType: 'Bearer', user: { email: person.email } });
    const wrong = await app.client.post('/v1/auth/login', { email: person.email, password: 'Wr0ng-horse' });
    expect(wrong.error.code).toBe('AUTH_INVALID_CREDENTIALS');
  });

  it('a code counts once, also in parallel', async () => {
    const { person, secret } = await fresh();
    const challenge = await login(person);
    const code = codeOf(secret, 0, now());
    const both = await Promise.all([answer(challenge, code), answer(challenge, code)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect((await answer(await login(person), code)).error.code).toBe('AUTH_CHALLENGE_FAILED');
  });

  it('a code of the step before counts, since clocks differ; older ones do not', async () => {
    const { person, secret } = await fresh();
    later();
    later();
    expect((await answer(await login(person), codeOf(secret, -2, now()))).status).toBe(401);
    expect((await answer(await login(person), codeOf(secret, -1, now()))).status).toBe(200);
  });

  it('a backup code takes its place, once each', async () => {
    const { person, backupCodes } = await fresh();
    const [first = '', second = ''] = backupCodes;
    expect((await answer(await login(person), first.toLowerCase())).status).toBe(200);
    expect((await answer(await login(person), first)).error.code).toBe('AUTH_CHALLENGE_FAILED');
    expect((await answer(await login(person), second.replace('-', ''))).status).toBe(200);
  });

  it('wrong codes slow down, and a right password in between forgives none of them', async () => {
    const { person, secret } = await fresh();
    for (let guess = 0; guess < 5; guess += 1) {
      expect((await answer(await login(person), '000000')).status).toBe(401);
    }
    const next = await answer(await login(person), codeOf(secret, 0, now()));
    expect([next.status, next.headers['retry-after']]).toEqual([429, '1']);
  });

  it.each([
    ['made up', () => 'nonsense'],
    ['changed', (session: string) => session.replace(/^./, (first) => (first === '0' ? '1' : '0'))],
    ['signed by nobody', (session: string) => session.split('.').slice(0, 3).join('.')],
  ])('a session that is %s opens nothing', async (_, change) => {
    const { person, secret } = await fresh();
    const challenge = await login(person);
    const spoilt = { ...challenge, session: change(challenge.session) };
    expect((await answer(spoilt, codeOf(secret, 0, now()))).error.code).toBe('AUTH_CHALLENGE_FAILED');
  });

  it('a session is over after five minutes', async () => {
    const { person, secret } = await fresh();
    const challenge = await login(person);
    clock.forward({ seconds: 301 });
    expect((await answer(challenge, codeOf(secret, 0, now()))).error.code).toBe('AUTH_CHALLENGE_FAILED');
  });

  it('a session from before a sign-out everywhere is over', async () => {
    const { person, secret } = await fresh();
    const challenge = await login(person);
    expect((await person.client.post('/v1/auth/logout-all')).status).toBe(200);
    expect((await answer(challenge, codeOf(secret, 0, now()))).error.code).toBe('AUTH_CHALLENGE_FAILED');
  });

  it('a challenge that was not made is refused', async () => {
    const { person } = await fresh();
    const challenge = { ...(await login(person)), challenge: 'NEW_PASSWORD_REQUIRED' };
    expect((await answer(challenge, 'N3w-horse!')).error.code).toBe('AUTH_CHALLENGE_FAILED');
    expect((await answer(challenge, 'weak')).error.code).toBe('AUTH_PASSWORD_POLICY');
    const unknown = await answer({ ...challenge, challenge: 'SMS_MFA' }, '123456');
    expect(unknown.error.code).toBe('VALIDATION_ERROR');
  });

  it('is removed by a code of it, and is proposed anew after that', async () => {
    const { person, secret } = await fresh();
    const remove = (code: string) => person.client.delete('/v1/auth/mfa/totp', { body: { code } });
    expect((await remove('000000')).error.code).toBe('AUTH_CODE_INVALID');
    expect((await remove(codeOf(secret, 0, now()))).data).toEqual({ enabled: false, backupCodes: [] });
    expect((await login(person)).accessToken).toBeDefined();
    expect((await enrol(person)).secret).not.toBe(secret);
    expect((await remove('000000')).error.code).toBe('AUTH_CODE_INVALID');
  });
});
