import { describe, expect, it } from '@jest/globals';
import { SignInService } from '../../src/modules/auth/sign-in.service.js';
import { TooManyFailures } from '../../src/platform/identity/identity-errors.js';
import { TestClock } from '../support/clock.js';
import type { SocketApp } from '../support/socket-app.js';
import { PASSWORD, type Person, TestApp } from '../support/test-app.js';

const ATTACKERS = 1000;
const TRIES = 3;
const HOME = '127.50.0.1';

describe('One owner, and a thousand networks that guess the password', () => {
  const withAttack = (work: (app: TestApp, owner: Person, looked: number) => Promise<void>) =>
    TestApp.with({ clock: new TestClock() }, async (app) => {
      const owner = await app.person();
      await app.client.from(HOME).post('/v1/auth/login', { email: owner.email, password: PASSWORD });
      // The service itself: the rate of calls per network is another limit.
      const signIn = (app.running as SocketApp).app.get(SignInService, { strict: false });
      let looked = 0;
      const attack = async (attacker: number) => {
        const origin = {
          address: `10.${Math.floor(attacker / 250)}.${attacker % 250}.1`,
          userAgent: undefined,
        };
        for (let guess = 0; guess < TRIES; guess += 1) {
          const failure = await signIn
            .login({ email: owner.email, password: `Wr0ng-horse-${guess}` }, origin)
            .catch((error: Error) => error);
          if (!(failure instanceof TooManyFailures)) looked += 1;
        }
      };
      const attackers = Array.from({ length: ATTACKERS }, (_, attacker) => attacker);
      const worker = async () => {
        for (let next = attackers.pop(); next !== undefined; next = attackers.pop()) await attack(next);
      };
      await Promise.all(Array.from({ length: 10 }, worker));
      await work(app, owner, looked);
    });

  it('2,000 of 3,000 guesses are looked at, and the owner signs in at the first try from a network of before', () =>
    withAttack(async (app, { email }, looked) => {
      expect(looked).toBe(2000);
      const login = (from: string) =>
        app.client.from(from).post('/v1/auth/login', { email, password: PASSWORD });
      expect((await login(HOME)).status).toBe(200);
      // From a network that is new, the account is closed until the hour is over: a link by mail opens it.
      expect((await login('127.51.0.1')).status).toBe(429);
      await app.client.from('127.51.0.1').post('/v1/auth/forgot-password', { email });
      const mail = (await app.mails()).at(-1)?.replaceAll(/=\r\n/g, '').replaceAll('=3D', '=') ?? '';
      const token = /reset-password\?token=([\w.-]+)/.exec(mail)?.[1];
      const reset = await app.client
        .from('127.51.0.1')
        .post('/v1/auth/reset-password', { token, newPassword: 'N3w-horse!' });
      expect(reset.status).toBe(200);
      const after = await app.client
        .from('127.51.0.1')
        .post('/v1/auth/login', { email, password: 'N3w-horse!' });
      expect(after.status).toBe(200);
    }));
});

describe('A reset by mail', () => {
  const linkIn = (mail: string) =>
    /reset-password\?token=([\w.-]+)/.exec(mail.replaceAll(/=\r\n/g, '').replaceAll('=3D', '='))?.[1];

  it('is not used up by the requests and the guesses of strangers', () =>
    TestApp.with({ clock: new TestClock() }, async (app) => {
      const owner = await app.person();
      await app.client.from(HOME).post('/v1/auth/login', { email: owner.email, password: PASSWORD });
      const ask = (from: string) =>
        app.client.from(from).post('/v1/auth/forgot-password', { email: owner.email });
      await ask(HOME);
      const code = await app.codeFor(owner.email);
      const token = linkIn((await app.mails()).at(-1) ?? '');
      const wrong = code === '000000' ? '000001' : '000000';
      for (let guess = 0; guess < 5; guess += 1) {
        const body = { email: owner.email, code: wrong, newPassword: 'N3w-horse!' };
        await app.client.from('127.60.0.1').post('/v1/auth/reset-password', body);
      }
      for (let stranger = 1; stranger <= 40; stranger += 1) await ask(`127.61.0.${stranger}`);
      const before = (await app.codesFor(owner.email)).length;
      expect(before).toBe(21);
      await ask(HOME);
      expect((await app.codesFor(owner.email)).length).toBe(before + 1);
      const reset = { token, newPassword: 'N3w-horse!' };
      expect((await app.client.post('/v1/auth/reset-password', reset)).data).toEqual({ reset: true });
      const again = await app.client.post('/v1/auth/reset-password', reset);
      expect([again.status, again.error.code]).toEqual([400, 'AUTH_CODE_INVALID']);
    }));

  it('by a code or a link of before a change of the password is void, and so is a sign-in that waits for a second factor', () =>
    TestApp.with({ clock: new TestClock() }, async (app) => {
      const person = await app.person();
      const { email } = person;
      await app.client.post('/v1/auth/forgot-password', { email });
      const code = await app.codeFor(email);
      const token = linkIn((await app.mails()).at(-1) ?? '');
      const change = { currentPassword: PASSWORD, newPassword: 'N3w-horse!' };
      expect((await person.client.post('/v1/auth/change-password', change)).status).toBe(200);
      for (const proof of [{ email, code }, { token }]) {
        const answer = await app.client.post('/v1/auth/reset-password', { ...proof, newPassword: PASSWORD });
        expect([answer.status, answer.error.code]).toEqual([400, 'AUTH_CODE_INVALID']);
      }
    }));

  it('is a 400 whatever stands beside the token of a link', () =>
    TestApp.with({}, async (app) => {
      for (const email of [true, 1, {}, ['a@b.c']]) {
        const body = { token: 'x', email, newPassword: 'Corr-h0rse!' };
        expect((await app.client.post('/v1/auth/reset-password', body)).status).toBe(400);
      }
    }));

  it('sends disabled users nothing', () =>
    TestApp.with({}, async (app) => {
      const owner = await app.owner();
      const { userId, email } = await app.person();
      await owner.client.patch(`/v1/users/${userId}`, { status: 'disabled' });
      expect((await app.client.post('/v1/auth/forgot-password', { email })).status).toBe(202);
      expect(await app.codesFor(email)).toEqual([]);
    }));
});
