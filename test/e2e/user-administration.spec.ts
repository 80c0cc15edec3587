import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, TestApp } from '../support/test-app.js';

describe('User administration', () => {
  let app: TestApp;
  let owner: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    owner = await app.owner();
  });
  afterAll(() => app.stop());

  const set = (by: Person, { userId }: Person, change: object, headers = {}) =>
    by.client.patch(`/v1/users/${userId}`, change, { headers });
  const withRole = async (role: string) => {
    const person = await app.person();
    await set(owner, person, { role });
    return person;
  };

  it('is for administrators', async () => {
    const member = await app.person();
    for (const answer of [
      await member.client.get('/v1/users'),
      await member.client.get(`/v1/users/${member.userId}`),
      await set(member, member, { role: 'owner' }),
    ])
      expect([answer.status, answer.error.code]).toEqual([403, 'AUTH_FORBIDDEN']);
  });

  it('shows a user, without what is nobody’s to see', async () => {
    const person = await app.person();
    const { data, headers } = await owner.client.get(`/v1/users/${person.userId}`);
    expect(data).toMatchObject({
      userId: person.userId,
      email: person.email,
      role: 'member',
      status: 'active',
    });
    expect(Object.keys(data)).not.toContain('tokensValidAfter');
    expect(headers['etag']).toMatch(/^"v1-/);
    const unknown = await owner.client.get('/v1/users/0198c0de-0000-7000-8000-000000000000');
    expect([unknown.status, unknown.error.code]).toEqual([404, 'USER_NOT_FOUND']);
    expect((await owner.client.get('/v1/users/nonsense')).status).toBe(404);
  });

  it('a role is felt at once where it was given, and stands in the next token', async () => {
    const admin = await withRole('admin');
    expect((await admin.client.get('/v1/users')).status).toBe(200);
    const again = await app.signIn(admin.email);
    const { data } = await again.client.get('/v1/auth/me');
    expect(data.role).toBe('admin');
    await set(owner, admin, { role: 'member' });
    expect((await admin.client.get('/v1/users')).status).toBe(403);
  });

  it('nobody grants a role above their own, or touches who has one', async () => {
    const [admin, other] = [await withRole('admin'), await app.person()];
    expect((await set(admin, other, { role: 'owner' })).error.code).toBe('AUTH_FORBIDDEN');
    expect((await set(admin, owner, { status: 'disabled' })).error.code).toBe('AUTH_FORBIDDEN');
    expect((await set(admin, admin, { role: 'owner' })).error.code).toBe('AUTH_FORBIDDEN');
    expect((await set(admin, other, { role: 'admin' })).data.role).toBe('admin');
  });

  it('somebody who is disabled is signed out, cannot sign in, and can again once enabled', async () => {
    const person = await app.person();
    expect((await set(owner, person, { status: 'disabled' })).data.status).toBe('disabled');
    expect((await person.client.get('/v1/auth/me')).status).toBe(401);
    const { refreshToken, email } = person;
    expect((await app.client.post('/v1/auth/refresh', { refreshToken })).status).toBe(401);
    const login = await app.client.post('/v1/auth/login', { email, password: 'Corr3ct-horse' });
    expect(login.error.code).toBe('AUTH_INVALID_CREDENTIALS');
    await set(owner, person, { status: 'active' });
    expect((await person.client.get('/v1/auth/me')).status).toBe(401);
    expect((await app.signIn(email)).userId).toBe(person.userId);
  });

  it('takes If-Match', async () => {
    const person = await app.person();
    const stale = await set(owner, person, { role: 'admin' }, { 'If-Match': '"v7-x"' });
    expect([stale.status, stale.error.code]).toEqual([412, 'PRECONDITION_FAILED']);
    const { headers } = await owner.client.get(`/v1/users/${person.userId}`);
    expect((await set(owner, person, { role: 'admin' }, { 'If-Match': headers['etag'] ?? '' })).status).toBe(
      200,
    );
  });

  it.each([
    ['role', { role: 'king' }],
    ['status', { status: 'gone' }],
    ['address', { address: 'new@example.com' }],
    ['tokensValidAfter', { tokensValidAfter: 0 }],
  ])('refuses a bad %s', async (field, change) => {
    const { status, error } = await set(owner, owner, change);
    expect([status, error.details?.[0]?.field]).toEqual([400, field]);
  });
});

describe('The list of users', () => {
  it('lists all roles as one list, newest first, in full pages', () =>
    TestApp.with({}, async (small) => {
      const boss = await small.owner();
      const people = [boss];
      for (let one = 0; one < 6; one += 1) people.unshift(await small.person());
      for (const admin of [people[1], people[4]])
        await boss.client.patch(`/v1/users/${admin?.userId}`, { role: 'admin' });
      const seen: string[] = [];
      let cursor = '';
      do {
        const { data, body } = await boss.client.get(`/v1/users?limit=3${cursor}`);
        seen.push(...data.map(({ userId }: { userId: string }) => userId));
        if (body.meta.nextCursor !== null) expect(data).toHaveLength(3);
        cursor = body.meta.nextCursor === null ? '' : `&cursor=${body.meta.nextCursor}`;
      } while (cursor !== '');
      expect(seen).toEqual(people.map(({ userId }) => userId));
      const admins = await boss.client.get('/v1/users?role=admin&status=active');
      expect(admins.data).toHaveLength(2);
      expect((await boss.client.get('/v1/users?role=king')).status).toBe(400);
    }));
});

describe('The last owner', () => {
  it('can neither be demoted nor disabled nor leave; with a second one, the first can', () =>
    TestApp.with({}, async (app) => {
      const owner = await app.owner();
      const path = `/v1/users/${owner.userId}`;
      const leave = () => owner.client.delete('/v1/user', { body: { password: 'Corr3ct-horse' } });
      for (const attempt of [
        await owner.client.patch(path, { role: 'admin' }),
        await owner.client.patch(path, { status: 'disabled' }),
        await leave(),
      ])
        expect([attempt.status, attempt.error.code]).toEqual([409, 'LAST_OWNER']);
      const second = await app.person();
      await owner.client.patch(`/v1/users/${second.userId}`, { role: 'owner' });
      expect((await leave()).status).toBe(202);
      const alone = await second.client.patch(`/v1/users/${second.userId}`, { role: 'member' });
      expect(alone.error.code).toBe('LAST_OWNER');
    }));

  it('two owners who demote each other at once: one stays', () =>
    TestApp.with({}, async (app) => {
      const first = await app.owner();
      const second = await app.person();
      await first.client.patch(`/v1/users/${second.userId}`, { role: 'owner' });
      const demote = (by: Person, whom: Person) =>
        by.client.patch(`/v1/users/${whom.userId}`, { role: 'member' });
      const both = await Promise.all([demote(first, second), demote(second, first)]);
      expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
      const refused = both.find(({ status }) => status !== 200);
      expect(['LAST_OWNER', 'AUTH_FORBIDDEN']).toContain(refused?.error.code);
    }));
});
