import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inside } from '../support/inside.js';
import { PASSWORD, type Person, TestApp } from '../support/test-app.js';

describe('Users', () => {
  let app: TestApp;
  let ada: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    ada = await app.person('Ada');
  });
  afterAll(() => app.stop());

  inside('the profile shows who it is, and no secret', async () => {
    const { data, text } = await ada.client.get('/v1/user/profile');
    expect(data).toMatchObject({
      userId: ada.userId,
      email: 'ada@example.com',
      name: 'Ada',
      firstName: null,
      username: null,
      role: 'owner',
      status: 'active',
      theme: null,
      preferences: {},
      lastLoginAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(text).not.toMatch(/hash|revoked|tokensValid/i);
  });

  it('only the given fields change, and null clears', async () => {
    const person = await app.person();
    const first = await person.client.put('/v1/user/profile', { firstName: 'Ada', lastName: 'Example' });
    expect(first.data).toMatchObject({ firstName: 'Ada', lastName: 'Example', version: 2 });
    const second = await person.client.put('/v1/user/profile', { lastName: null });
    expect(second.data).toMatchObject({ firstName: 'Ada', lastName: null, version: 3 });
  });

  it('a name cannot be cleared', async () => {
    const { name } = (await ada.client.get('/v1/user/profile')).data;
    expect((await ada.client.put('/v1/user/profile', { name: null })).data.name).toBe(name);
    const { status, error } = await ada.client.put('/v1/user/profile', { name: '' });
    expect([status, error.details?.[0]?.field]).toEqual([400, 'name']);
  });

  it('the name has a route of its own', async () => {
    const person = await app.person();
    const { data } = await person.client.put('/v1/user/name', { name: 'Grace Example' });
    expect(data.name).toBe('Grace Example');
    expect((await person.client.put('/v1/user/name', {})).status).toBe(400);
  });

  it('a username is unique, can be changed, signs in, and is free again afterwards', async () => {
    const [one, other] = [await app.person(), await app.person()];
    expect((await one.client.put('/v1/user/profile', { username: 'Grace' })).data.username).toBe('Grace');
    const taken = await other.client.put('/v1/user/profile', { username: 'grace' });
    expect([taken.status, taken.error.code]).toEqual([409, 'USERNAME_TAKEN']);
    await one.client.put('/v1/user/profile', { username: 'hopper' });
    expect((await other.client.put('/v1/user/profile', { username: 'grace' })).status).toBe(200);
    const login = await app.client.post('/v1/auth/login', { username: 'HOPPER', password: PASSWORD });
    expect(login.data.user.id).toBe(one.userId);
    await one.client.put('/v1/user/profile', { username: null });
    expect((await app.client.post('/v1/auth/login', { username: 'hopper', password: PASSWORD })).status).toBe(
      401,
    );
  });

  it('one of many who want a username at once gets it', async () => {
    const people = await Promise.all([app.person(), app.person(), app.person()]);
    const answers = await Promise.all(
      people.map(({ client }) => client.put('/v1/user/profile', { username: 'wanted' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  it('theme and preferences are one store', async () => {
    const person = await app.person();
    await person.client.put('/v1/user/profile', { theme: 'Ops', preferences: { sidebar: 'left' } });
    expect((await person.client.get('/v1/user/preferences')).data).toEqual({ theme: 'Ops', sidebar: 'left' });
    await person.client.put('/v1/user/preferences', { theme: 'Media', timezone: 'Europe/Stockholm' });
    const { data } = await person.client.get('/v1/user/profile');
    expect(data).toMatchObject({
      theme: 'Media',
      preferences: { sidebar: 'left', timezone: 'Europe/Stockholm' },
    });
  });

  it('preferences are merged key by key, and null removes one', async () => {
    const person = await app.person();
    await person.client.put('/v1/user/preferences', { a: { deep: [1, 2.5, true, 'x'] }, b: 2 });
    const { data } = await person.client.put('/v1/user/preferences', { b: null, c: 'Å' });
    expect(data).toEqual({ a: { deep: [1, 2.5, true, 'x'] }, c: 'Å' });
  });

  it('preferences that look like a page are preferences all the same', async () => {
    const person = await app.person();
    const odd = { items: ['x'], next: 'p', version: 'v', success: false };
    expect((await person.client.put('/v1/user/preferences', odd)).data).toEqual(odd);
    expect((await person.client.get('/v1/user/preferences')).data).toEqual(odd);
  });

  it('keys that are changed at once are all there', async () => {
    const person = await app.person();
    const keys = Array.from({ length: 6 }, (_, position) => `key${position}`);
    const answers = await Promise.all(
      keys.map((key) => person.client.put('/v1/user/preferences', { [key]: true })),
    );
    expect(answers.map(({ status }) => status)).toEqual(keys.map(() => 200));
    expect(Object.keys((await person.client.get('/v1/user/preferences')).data).sort()).toEqual(keys);
  });

  it.each([
    ['an unknown theme', { theme: 'Pink' }],
    ['an unknown time zone', { timezone: 'Mars/Olympus' }],
    ['a time zone that is no text', { timezone: 5 }],
  ])('%s is refused on both routes', async (_, preferences) => {
    expect((await ada.client.put('/v1/user/preferences', preferences)).error.code).toBe('VALIDATION_ERROR');
    expect((await ada.client.put('/v1/user/profile', { preferences })).error.code).toBe('VALIDATION_ERROR');
  });

  it('all preferences together fit in 16 KB', async () => {
    const person = await app.person();
    expect((await person.client.put('/v1/user/preferences', { a: 'x'.repeat(9000) })).status).toBe(200);
    const { status, error } = await person.client.put('/v1/user/preferences', { b: 'x'.repeat(9000) });
    expect([status, error.code]).toEqual([409, 'PREFERENCES_LIMIT']);
    expect(Object.keys((await person.client.get('/v1/user/preferences')).data)).toEqual(['a']);
  });

  it('the largest profile that is allowed is kept whole', async () => {
    const person = await app.person();
    const wide = '\u{1F3B8}'.repeat(50);
    const largest = { name: wide, firstName: wide, lastName: wide, username: 'u'.repeat(32), theme: 'Sales' };
    const preferences = { notes: 'å'.repeat(8000), timezone: 'America/Argentina/ComodRivadavia' };
    const { status, data } = await person.client.put('/v1/user/profile', { ...largest, preferences });
    expect(status).toBe(200);
    expect(data).toMatchObject({ ...largest, preferences });
  });

  it('a stale profile or stale preferences are not overwritten', async () => {
    const person = await app.person();
    for (const path of ['/v1/user/profile', '/v1/user/preferences']) {
      const seen = { 'If-Match': (await person.client.get(path)).headers['etag'] ?? '' };
      const change = path.endsWith('profile') ? { firstName: 'A' } : { a: 1 };
      expect((await person.client.put(path, change, { headers: seen })).status).toBe(200);
      const stale = await person.client.put(path, change, { headers: seen });
      expect([stale.status, stale.error.code]).toEqual([412, 'PRECONDITION_FAILED']);
    }
  });
});
