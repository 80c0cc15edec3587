import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SessionsRepository } from '../../src/platform/identity/sessions.repository.js';
import { TestClock } from '../support/clock.js';
import type { SocketApp } from '../support/socket-app.js';
import { PASSWORD, type Person, TestApp } from '../support/test-app.js';

describe('In another process', () => {
  it('a disabled or deleted user’s tokens stop working within sixty seconds', async () => {
    const clock = new TestClock();
    await TestApp.with({ clock }, async (app) => {
      const other = await app.another({}, clock);
      const owner = await app.owner();
      const [disabled, deleted, demoted] = [await app.person(), await app.person(), await app.person()];
      await owner.client.patch(`/v1/users/${demoted.userId}`, { role: 'admin' });
      const there = (person: Person) => other.client.as(person.accessToken);
      for (const person of [disabled, deleted, demoted])
        expect((await there(person).get('/v1/auth/me')).status).toBe(200);
      await owner.client.patch(`/v1/users/${disabled.userId}`, { status: 'disabled' });
      await owner.client.patch(`/v1/users/${demoted.userId}`, { role: 'member' });
      await deleted.client.delete('/v1/user', { body: { password: 'Corr3ct-horse' } });
      clock.forward({ seconds: 60 });
      expect((await there(disabled).get('/v1/user/preferences')).status).toBe(401);
      expect((await there(deleted).get('/v1/user/preferences')).status).toBe(401);
      expect((await there(demoted).get('/v1/users')).status).toBe(403);
    });
  });
});

describe('However many sessions there are', () => {
  it('a change of the password ends all but its own', () =>
    TestApp.with({}, async (app) => {
      const here = await app.person();
      const there = await app.signIn(here.email);
      const sessions = (app.running as SocketApp).app.get(SessionsRepository, { strict: false });
      for (let one = 0; one < 100; one += 1) {
        const startedAt = Math.floor(Date.now() / 1000);
        await sessions.create({ sub: here.userId, id: randomUUID(), startedAt, userAgent: undefined });
      }
      const change = { currentPassword: PASSWORD, newPassword: 'N3w-horse!' };
      expect((await here.client.post('/v1/auth/change-password', change)).status).toBe(200);
      expect((await here.client.get('/v1/auth/sessions')).data).toHaveLength(1);
      expect((await there.client.get('/v1/auth/me')).status).toBe(401);
      expect((await here.client.get('/v1/auth/me')).status).toBe(200);
    }));
});
