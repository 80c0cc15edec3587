import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestClock } from '../support/clock.js';
import { PASSWORD, type Person, TestApp } from '../support/test-app.js';

describe('Sessions', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());

  const me = ({ client }: Person) => client.get('/v1/auth/me');
  const refresh = ({ refreshToken }: Person) => app.client.post('/v1/auth/refresh', { refreshToken });
  const list = async ({ client }: Person) => (await client.get('/v1/auth/sessions')).data;

  it('are listed, newest first, and the one that asks is told', async () => {
    const first = await app.person();
    const headers = { 'User-Agent': 'Telephone/2' };
    await app.client.post('/v1/auth/login', { email: first.email, password: PASSWORD }, { headers });
    const sessions = await list(first);
    expect(sessions).toHaveLength(2);
    expect(sessions.filter(({ current }: { current: boolean }) => current)).toHaveLength(1);
    expect(sessions.some(({ userAgent }: { userAgent: string }) => userAgent === 'Telephone/2')).toBe(true);
    const times = sessions.map(({ createdAt }: { createdAt: string }) => createdAt);
    expect(times).toEqual([...times].sort().toReversed());
  });

  it('one is ended: its tokens and its refresh token stop working, and the others go on', async () => {
    const here = await app.person();
    const there = await app.signIn(here.email);
    const { id } = (await list(here)).find(({ current }: { current: boolean }) => !current);
    expect((await here.client.delete(`/v1/auth/sessions/${id}`)).data).toEqual({ id, deleted: true });
    expect([(await me(there)).status, (await refresh(there)).status]).toEqual([401, 401]);
    expect([(await me(here)).status, (await refresh(here)).status]).toEqual([200, 200]);
    const again = await here.client.delete(`/v1/auth/sessions/${id}`);
    expect([again.status, again.error.code]).toEqual([404, 'SESSION_NOT_FOUND']);
  });

  it('nobody ends somebody else’s', async () => {
    const [ada, eve] = [await app.person(), await app.person()];
    const [{ id }] = await list(ada);
    expect((await eve.client.delete(`/v1/auth/sessions/${id}`)).error.code).toBe('SESSION_NOT_FOUND');
    expect((await me(ada)).status).toBe(200);
    expect((await ada.client.delete('/v1/auth/sessions/nonsense')).status).toBe(404);
  });

  it('all are ended at once, with their number, and one can sign in again in the same second', async () => {
    const person = await app.person();
    const others = [await app.signIn(person.email), await app.signIn(person.email)];
    expect((await person.client.post('/v1/auth/logout-all')).data).toEqual({ revoked: 3 });
    for (const each of [person, ...others])
      expect([(await me(each)).status, (await refresh(each)).status]).toEqual([401, 401]);
    const back = await app.signIn(person.email);
    expect((await me(back)).status).toBe(200);
    expect(await list(back)).toHaveLength(1);
  });
});

const NEXT = 'N3w-horse!';
const change = (person: Person, currentPassword: string, newPassword = NEXT) =>
  person.client.post('/v1/auth/change-password', { currentPassword, newPassword });

describe('Changing the password', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());

  it('ends all other sessions, keeps this one, and tells the owner of the address', async () => {
    const here = await app.person();
    const there = await app.signIn(here.email);
    expect((await change(here, PASSWORD)).data).toEqual({ changed: true });
    expect((await here.client.get('/v1/auth/me')).status).toBe(200);
    expect((await there.client.get('/v1/auth/me')).status).toBe(401);
    expect((await app.signIn(here.email, NEXT)).userId).toBe(here.userId);
    const old = await app.client.post('/v1/auth/login', { email: here.email, password: PASSWORD });
    expect(old.error.code).toBe('AUTH_INVALID_CREDENTIALS');
    expect((await app.mails()).join('\n')).toContain('The password of your account was changed');
  });

  it('takes no weak one', async () => {
    const person = await app.person();
    const weak = await change(person, PASSWORD, 'weak');
    expect([weak.error.code, weak.error.details?.[0]?.field]).toEqual([
      'AUTH_PASSWORD_POLICY',
      'newPassword',
    ]);
  });
});

describe('A password that is guessed where it is changed', () => {
  it('is asked for ever more slowly', () =>
    // It waits for a second, which the real clock may be over with too early.
    TestApp.with({ clock: new TestClock() }, async (app) => {
      const person = await app.person();
      const guesser = { ...person, client: person.client.from('127.9.0.1') };
      const wrong = await change(guesser, 'Wr0ng-horse');
      expect([wrong.status, wrong.error.code]).toEqual([401, 'AUTH_INVALID_CREDENTIALS']);
      for (let guess = 0; guess < 4; guess += 1) await change(guesser, 'Wr0ng-horse');
      const next = await change(guesser, PASSWORD);
      expect([next.status, next.error.code]).toEqual([429, 'RATE_LIMITED']);
      expect(next.headers['retry-after']).toBe('1');
    }));
});
