import { describe, expect, it } from '@jest/globals';
import { TestClock } from '../support/clock.js';
import { PASSWORD, TestApp } from '../support/test-app.js';

describe('After failed sign-ins', () => {
  it('the wait doubles from one second to fifteen minutes, and locks nobody out for good', async () => {
    const clock = new TestClock();
    await TestApp.with({ clock }, async (app) => {
      const { email } = await app.person();
      let attempt = 0;
      const fail = () => {
        attempt += 1;
        const from = `127.1.${Math.floor(attempt / 250)}.${(attempt % 250) + 1}`;
        return app.client.from(from).post('/v1/auth/login', { email, password: 'Wr0ng-horse' });
      };
      for (let failure = 1; failure <= 5; failure += 1) expect((await fail()).status).toBe(401);
      for (const seconds of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 899]) {
        const blocked = await fail();
        expect(blocked.status).toBe(429);
        expect(Number(blocked.headers['retry-after'])).toBe(seconds === 899 ? 900 : seconds);
        if (seconds === 899) break;
        clock.forward({ seconds });
        expect((await fail()).status).toBe(401);
      }
      clock.forward({ seconds: 15 * 60 + 1 });
      const right = await app.client.from('127.1.9.9').post('/v1/auth/login', { email, password: PASSWORD });
      expect(right.status).toBe(200);
      expect((await fail()).status).toBe(401);
    });
  });

  it('a success in between forgives the account', async () => {
    await TestApp.with({ clock: new TestClock() }, async (app) => {
      const { email } = await app.person();
      const wrong = (from: string) =>
        app.client.from(from).post('/v1/auth/login', { email, password: 'Wr0ng-horse' });
      for (let failure = 1; failure <= 4; failure += 1) await wrong(`127.2.0.${failure}`);
      await app.signIn(email);
      for (let failure = 1; failure <= 4; failure += 1)
        expect((await wrong(`127.2.1.${failure}`)).status).toBe(401);
    });
  });
});

describe('One counter of failures', () => {
  it('is not raised by an attempt that the other one refuses', async () => {
    await TestApp.with({ clock: new TestClock() }, async (app) => {
      const { email } = await app.person();
      const busy = app.client.from('127.3.0.1');
      for (let failure = 1; failure <= 5; failure += 1) {
        await busy.post('/v1/auth/login', { email: `nobody-${failure}@example.com`, password: PASSWORD });
      }
      for (let attempt = 1; attempt <= 10; attempt += 1) {
        expect((await busy.post('/v1/auth/login', { email, password: PASSWORD })).status).toBe(429);
      }
      const elsewhere = await app.client
        .from('127.3.0.2')
        .post('/v1/auth/login', { email, password: PASSWORD });
      expect(elsewhere.status).toBe(200);
    });
  });

  it('of an address is not prolonged by those who sign in from it', async () => {
    const clock = new TestClock();
    await TestApp.with({ clock }, async (app) => {
      const { email } = await app.person();
      const shared = app.client.from('127.3.1.1');
      for (let failure = 1; failure <= 5; failure += 1) {
        await shared.post('/v1/auth/login', { email: `nobody-${failure}@example.com`, password: PASSWORD });
      }
      clock.forward({ seconds: 1 });
      for (let success = 1; success <= 3; success += 1) {
        expect((await shared.post('/v1/auth/login', { email, password: PASSWORD })).status).toBe(200);
      }
    });
  });
});

describe('A token of a user who was changed elsewhere', () => {
  it('is felt within a minute: a sign-out in another process', async () => {
    const clock = new TestClock();
    await TestApp.with({ clock }, async (app) => {
      const other = await app.another({}, clock);
      const person = await app.person();
      const there = other.client.as(person.accessToken);
      expect((await there.get('/v1/auth/me')).status).toBe(200);
      await person.client.post('/v1/auth/logout');
      clock.forward({ seconds: 59 });
      expect((await there.get('/v1/auth/me')).status).toBe(200);
      clock.forward({ seconds: 1 });
      expect((await there.get('/v1/auth/me')).status).toBe(401);
    });
  });
});
