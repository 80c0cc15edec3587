import { describe, expect, it } from '@jest/globals';
import { TestClock } from '../support/clock.js';
import { PASSWORD, TestApp } from '../support/test-app.js';

const WRONG = 'Wr0ng-horse';

describe('After failed sign-ins', () => {
  it('on one account from one network the wait doubles from one second to fifteen minutes, and locks nobody out for good', async () => {
    const clock = new TestClock();
    await TestApp.with({ clock }, async (app) => {
      const { email } = await app.person();
      const guesser = app.client.from('127.1.0.1');
      const fail = () => guesser.post('/v1/auth/login', { email, password: WRONG });
      for (let failure = 1; failure <= 5; failure += 1) expect((await fail()).status).toBe(401);
      for (const seconds of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 899]) {
        const blocked = await fail();
        expect(blocked.status).toBe(429);
        expect(Number(blocked.headers['retry-after'])).toBe(seconds === 899 ? 900 : seconds);
        if (seconds === 899) break;
        clock.forward({ seconds });
        expect((await fail()).status).toBe(401);
      }
      expect((await guesser.post('/v1/auth/login', { email, password: PASSWORD })).status).toBe(429);
      clock.forward({ seconds: 15 * 60 + 1 });
      expect((await guesser.post('/v1/auth/login', { email, password: PASSWORD })).status).toBe(200);
      expect((await fail()).status).toBe(401);
    });
  });

  it('a success in between forgives them', async () => {
    await TestApp.with({ clock: new TestClock() }, async (app) => {
      const { email } = await app.person();
      const here = app.client.from('127.2.0.1');
      for (let round = 0; round < 2; round += 1) {
        for (let failure = 1; failure <= 4; failure += 1)
          expect((await here.post('/v1/auth/login', { email, password: WRONG })).status).toBe(401);
        expect((await here.post('/v1/auth/login', { email, password: PASSWORD })).status).toBe(200);
      }
    });
  });

  it('of strangers elsewhere nobody has to wait: not who has signed in before, nor who comes from a new network', async () => {
    await TestApp.with({ clock: new TestClock() }, async (app) => {
      const { email } = await app.person();
      const home = app.client.from('127.2.1.1');
      const login = (client = home, password = PASSWORD) =>
        client.post('/v1/auth/login', { email, password });
      for (let stranger = 1; stranger <= 60; stranger += 1)
        await login(app.client.from(`127.2.2.${stranger}`), WRONG);
      expect((await login()).status).toBe(200);
      expect((await login(app.client.from('127.2.3.1'))).status).toBe(200);
    });
  });

  it('of colleagues behind one address nobody has to wait', async () => {
    await TestApp.with({ clock: new TestClock() }, async (app) => {
      const people = await Promise.all(Array.from({ length: 10 }, () => app.person()));
      const office = app.client.from('127.3.1.1');
      for (const { email } of people) {
        expect((await office.post('/v1/auth/login', { email, password: WRONG })).status).toBe(401);
        expect((await office.post('/v1/auth/login', { email, password: PASSWORD })).status).toBe(200);
      }
    });
  });

  it('on many accounts a network has to wait after a hundred within fifteen minutes', async () => {
    const clock = new TestClock();
    await TestApp.with({ clock, environment: { RATE_LIMIT_AUTH_PER_MINUTE: '1000' } }, async (app) => {
      const { email } = await app.person();
      const sprayer = app.client.from('127.3.2.1');
      const spray = (account: number) =>
        sprayer.post('/v1/auth/login', { email: `nobody-${account}@example.com`, password: PASSWORD });
      for (let account = 1; account <= 100; account += 1) expect((await spray(account)).status).toBe(401);
      const refused = await spray(101);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(900);
      expect(
        (await app.client.from('127.3.2.2').post('/v1/auth/login', { email, password: PASSWORD })).status,
      ).toBe(200);
    });
  });

  it('the allowance follows SIGN_IN_FREE_FAILURES, for test suites of clients', async () => {
    const environment = { SIGN_IN_FREE_FAILURES: '1000' };
    await TestApp.with({ clock: new TestClock(), environment }, async (app) => {
      const { email } = await app.person();
      for (let failure = 1; failure <= 20; failure += 1)
        expect((await app.client.post('/v1/auth/login', { email, password: WRONG })).status).toBe(401);
      expect((await app.client.post('/v1/auth/login', { email, password: PASSWORD })).status).toBe(200);
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
