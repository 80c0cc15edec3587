import { describe, expect, it } from '@jest/globals';
import { KeyRotation } from '../../src/platform/secrets/key-rotation.js';
import { FileSecrets } from '../../src/platform/secrets/file-secrets.js';
import { loadConfig } from '../../src/config/config.js';
import { TestClock } from '../support/clock.js';
import { type Person, TestApp } from '../support/test-app.js';

const withApp = (work: (app: TestApp, clock: TestClock) => Promise<void>, environment = {}) => {
  const clock = new TestClock();
  return TestApp.with({ clock, environment }, (app) => work(app, clock));
};
const refreshWith = (app: TestApp, refreshToken: string) =>
  app.client.post('/v1/auth/refresh', { refreshToken });
const isSignedIn = async (app: TestApp, { accessToken }: { accessToken: string }) =>
  (await app.client.as(accessToken).get('/v1/auth/me')).status === 200;

describe('A refresh token that is used again', () => {
  it('within 30 seconds gives the same successor, as for an answer that was lost', () =>
    withApp(async (app, clock) => {
      const { refreshToken } = await app.person();
      const first = await refreshWith(app, refreshToken);
      clock.forward({ seconds: 30 });
      const again = await refreshWith(app, refreshToken);
      expect([again.status, again.data.refreshToken]).toEqual([200, first.data.refreshToken]);
      for (const { data } of [first, again]) expect(await isSignedIn(app, data)).toBe(true);
    }));

  it('by fifty tabs at once keeps all of them signed in, with one successor', () =>
    withApp(async (app) => {
      const { refreshToken } = await app.person();
      const all = await Promise.all(Array.from({ length: 50 }, () => refreshWith(app, refreshToken)));
      expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
      const successors = new Set(all.map(({ data }) => data.refreshToken as string));
      expect(successors.size).toBe(1);
      for (const { data } of all) expect(await isSignedIn(app, data)).toBe(true);
      expect((await refreshWith(app, [...successors][0] ?? '')).status).toBe(200);
    }));

  it('gives the token that continues the session now, also where its successor was used meanwhile', () =>
    withApp(async (app, clock) => {
      const { refreshToken } = await app.person();
      let newest = refreshToken;
      for (let turn = 0; turn < 5; turn += 1) {
        newest = (await refreshWith(app, newest)).data.refreshToken as string;
        clock.forward({ seconds: 5 });
      }
      expect((await refreshWith(app, refreshToken)).data.refreshToken).toBe(newest);
    }));

  it('by another process, after a crash or a rotation of the keys, is answered alike', () =>
    withApp(async (app, clock) => {
      const { refreshToken } = await app.person();
      const first = await refreshWith(app, refreshToken);
      const config = loadConfig(app.environment);
      await new KeyRotation(new FileSecrets(config), clock).rotate('application-keys');
      const other = await app.another({}, clock);
      expect((await refreshWith(other, refreshToken)).data.refreshToken).toBe(first.data.refreshToken);
      // Ten minutes later the new key signs.
      clock.forward({ seconds: 21 * 60 });
      const next = await refreshWith(other, first.data.refreshToken);
      const lost = await refreshWith(other, first.data.refreshToken);
      expect(lost.data.refreshToken).toBe(next.data.refreshToken);
    }));

  it('after the grace ends the session and its tokens, and its holder is told by mail', () =>
    withApp(async (app, clock) => {
      const { refreshToken } = await app.person();
      const first = await refreshWith(app, refreshToken);
      clock.forward({ seconds: 31 });
      const replayed = await refreshWith(app, refreshToken);
      expect([replayed.status, replayed.error.code]).toEqual([401, 'AUTH_REFRESH_REUSED']);
      const after = await refreshWith(app, first.data.refreshToken);
      expect([after.status, after.error.code]).toEqual([401, 'AUTH_REFRESH_INVALID']);
      expect(await isSignedIn(app, first.data)).toBe(false);
      expect((await app.mails()).at(-1)).toContain('a refresh token was used a second time');
    }));

  it('ends the session at once where no grace is wanted', () =>
    withApp(
      async (app) => {
        const person: Person = await app.person();
        const twice = await Promise.all([1, 2].map(() => refreshWith(app, person.refreshToken)));
        expect(twice.map(({ status }) => status).sort()).toEqual([200, 401]);
        expect((await person.client.get('/v1/auth/me')).status).toBe(401);
      },
      { REFRESH_GRACE_SECONDS: '0' },
    ));
});
