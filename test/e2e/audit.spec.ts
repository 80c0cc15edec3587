import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsOf } from '../support/rows.js';
import { PASSWORD, type Person, TestApp } from '../support/test-app.js';

describe('The audit trail', () => {
  let app: TestApp;
  let owner: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    owner = await app.owner();
  });
  afterAll(() => app.stop());

  const eventsOf = async ({ client }: Person) => {
    const { data } = await client.get('/v1/user/export');
    return data.find(({ entity }: { entity: string }) => entity === 'securityEvents').items as {
      event: string;
      detail: string | null;
      network: string;
      userAgent: string;
    }[];
  };

  it('notes what happens to an account, in order', async () => {
    const person = await app.person();
    const { email, client } = person;
    await app.client.post('/v1/auth/login', { email, password: 'Wr0ng-horse' });
    const other = await app.signIn(email);
    await other.client.post('/v1/auth/logout');
    await client.post('/v1/auth/change-password', { currentPassword: PASSWORD, newPassword: 'N3w-horse!' });
    await owner.client.patch(`/v1/users/${person.userId}`, { role: 'admin' });
    const [{ id }] = (await client.get('/v1/auth/sessions')).data;
    await app.signIn(email, 'N3w-horse!');
    const sessions = (await client.get('/v1/auth/sessions')).data;
    const another = sessions.find((session: { id: string }) => session.id !== id);
    await client.delete(`/v1/auth/sessions/${another.id}`);
    expect((await eventsOf(person)).map(({ event }) => event)).toEqual([
      'registered',
      'login',
      'login-failed',
      'login',
      'logout',
      'password-changed',
      'role-changed',
      'login',
      'session-revoked',
    ]);
  });

  it('for ninety days, without addresses in clear, and the same network looks the same', async () => {
    const person = await app.person();
    const from = '127.3.4.5';
    await app.client.from(from).post('/v1/auth/login', { email: person.email, password: PASSWORD });
    await app.client.from(from).post('/v1/auth/login', { email: person.email, password: PASSWORD });
    const rows = (await rowsOf(app)).filter(
      ({ PK, EntityType }) => EntityType === 'AUDIT' && PK === `USER#${person.userId}`,
    );
    const text = JSON.stringify(rows);
    for (const clear of [person.email, from, '127.0.0.1']) expect(text).not.toContain(clear);
    const now = Date.now() / 1000;
    for (const { ExpiresAt } of rows) expect(Number(ExpiresAt) - now).toBeGreaterThan(89.9 * 24 * 3600);
    const logins = (await eventsOf(person))
      .filter(({ event }) => event === 'login')
      .map(({ network }) => network);
    expect([logins[1] === logins[2], logins[0] === logins[1]]).toEqual([true, false]);
  });
});
