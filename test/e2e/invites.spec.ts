import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestClock } from '../support/clock.js';
import { rowsOf } from '../support/rows.js';
import { PASSWORD, type Person, TestApp } from '../support/test-app.js';

const DAY = 24 * 3600;

describe('Invitations', () => {
  let app: TestApp;
  let owner: Person;
  beforeAll(async () => {
    app = await TestApp.start({ environment: { REGISTRATION_MODE: 'invite' } });
    owner = await app.owner();
  });
  afterAll(() => app.stop());

  const invite = async (body: object = {}, by = owner) => (await by.client.post('/v1/invites', body)).data;
  const register = (inviteCode?: string, email = `${randomUUID()}@example.com`) =>
    app.client.post('/v1/auth/register', { email, password: PASSWORD, name: 'New Person', inviteCode });
  const member = async (role = 'member') => {
    const email = `${randomUUID()}@example.com`;
    await register((await invite({ role })).code, email);
    return app.signIn(email);
  };

  describe('are made', () => {
    it('with a code that is shown once, and stored as a hash', async () => {
      const answer = await owner.client.post('/v1/invites', { theme: 'Ops', maxUses: 2, expiresInDays: 7 });
      const { id, code, url } = answer.data;
      expect(answer.headers['location']).toBe(`/v1/invites/${id}`);
      expect(answer.data).toMatchObject({
        status: 'pending',
        email: null,
        role: 'member',
        theme: 'Ops',
        maxUses: 2,
        uses: 0,
      });
      expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
      expect(url).toContain(`inviteCode=${code}`);
      expect((await owner.client.get(`/v1/invites/${id}`)).data.code).toBeUndefined();
      expect(JSON.stringify(await rowsOf(app))).not.toContain(code);
    });

    it('for one address, which is mailed unless it is not to be', async () => {
      const email = 'grace@example.com';
      const { code } = await invite({ email });
      const mail = (await app.mails()).at(-1) ?? '';
      expect(mail).toContain(`To: ${email}`);
      expect(mail).toContain(code);
      const before = (await app.mails()).length;
      await invite({ email: 'quiet@example.com', notify: false });
      expect((await app.mails()).length).toBe(before);
    });

    it('once an address, while one is pending', async () => {
      const email = `${randomUUID()}@example.com`;
      const { id } = await invite({ email });
      const second = await owner.client.post('/v1/invites', { email });
      expect([second.status, second.error.code]).toEqual([409, 'INVITE_EXISTS']);
      await owner.client.post(`/v1/invites/${id}/revoke`);
      expect((await owner.client.post('/v1/invites', { email })).status).toBe(201);
    });

    it('one of two at once for one address', async () => {
      const email = `${randomUUID()}@example.com`;
      const both = await Promise.all([1, 2].map(() => owner.client.post('/v1/invites', { email })));
      expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    });

    it('by administrators only, and for no role above their own', async () => {
      const [admin, plain] = [await member('admin'), await member()];
      expect((await plain.client.post('/v1/invites', {})).error.code).toBe('AUTH_FORBIDDEN');
      expect((await admin.client.post('/v1/invites', { role: 'owner' })).error.code).toBe('AUTH_FORBIDDEN');
      expect((await admin.client.post('/v1/invites', { role: 'admin' })).status).toBe(201);
    });

    it.each([
      ['email', { email: 'nobody' }],
      ['role', { role: 'king' }],
      ['theme', { theme: 'Dark' }],
      ['maxUses', { maxUses: 0 }],
      ['maxUses', { maxUses: 1001 }],
      ['expiresInDays', { expiresInDays: 366 }],
      ['code', { code: 'MINE' }],
    ])('not with a bad %s', async (field, body) => {
      const { status, error } = await owner.client.post('/v1/invites', body);
      expect([status, error.details?.[0]?.field]).toEqual([400, field]);
    });

    it('without an Idempotency-Key: the answer holds a secret', async () => {
      const headers = { 'Idempotency-Key': 'one' };
      expect((await owner.client.post('/v1/invites', {}, { headers })).error.code).toBe(
        'IDEMPOTENCY_KEY_NOT_ALLOWED',
      );
    });
  });

  describe('let people in', () => {
    it('nobody without one', async () => {
      expect((await register()).error.code).toBe('AUTH_INVITE_REQUIRED');
      const { status, error } = await register('0000-0000-0000-0000');
      expect([status, error.code]).toEqual([403, 'AUTH_INVITE_INVALID']);
    });

    it('with the role and the theme it names, once', async () => {
      const { id, code } = await invite({ role: 'admin', theme: 'QA' });
      const email = `${randomUUID()}@example.com`;
      expect((await register(code.toLowerCase().replaceAll('-', ' '), email)).status).toBe(201);
      const { client } = await app.signIn(email);
      expect((await client.get('/v1/user/profile')).data).toMatchObject({ role: 'admin', theme: 'QA' });
      expect((await owner.client.get(`/v1/invites/${id}`)).data).toMatchObject({
        status: 'accepted',
        uses: 1,
      });
      expect((await register(code)).error.code).toBe('AUTH_INVITE_INVALID');
    });

    it('only the address it is for', async () => {
      const email = `${randomUUID()}@example.com`;
      const { code } = await invite({ email });
      expect((await register(code)).error.code).toBe('AUTH_INVITE_INVALID');
      expect((await register(code, email.toUpperCase())).status).toBe(201);
    });

    it('exactly one of two who race for the last use', async () => {
      for (let round = 0; round < 5; round += 1) {
        const { id, code } = await invite();
        const both = await Promise.all([register(code), register(code)]);
        expect(both.map(({ status }) => status).sort()).toEqual([201, 403]);
        expect((await owner.client.get(`/v1/invites/${id}`)).data.uses).toBe(1);
      }
    });

    it('as many as it has uses, when more come at once', async () => {
      const { id, code } = await invite({ maxUses: 3 });
      const all = await Promise.all(Array.from({ length: 6 }, () => register(code)));
      const statuses = all.map(({ status }) => status);
      const entered = statuses.filter((status) => status === 201).length;
      expect((await owner.client.get(`/v1/invites/${id}`)).data.uses).toBe(entered);
      expect(entered).toBeLessThanOrEqual(3);
      for (let left = entered; left < 3; left += 1) expect((await register(code)).status).toBe(201);
      expect((await register(code)).error.code).toBe('AUTH_INVITE_INVALID');
    });

    it('a registration that fails uses none', async () => {
      const { id, code } = await invite();
      const { email } = owner;
      expect((await register(code, email)).error.code).toBe('AUTH_USER_EXISTS');
      expect((await owner.client.get(`/v1/invites/${id}`)).data).toMatchObject({
        status: 'pending',
        uses: 0,
      });
    });
  });

  describe('are looked after', () => {
    it('a revoked one is useless, and can neither be revoked nor resent again', async () => {
      const { id, code } = await invite();
      expect((await owner.client.post(`/v1/invites/${id}/revoke`)).data.status).toBe('revoked');
      expect((await register(code)).error.code).toBe('AUTH_INVITE_INVALID');
      for (const what of ['revoke', 'resend']) {
        const { status, error } = await owner.client.post(`/v1/invites/${id}/${what}`);
        expect([status, error.code]).toEqual([409, 'INVITE_NOT_PENDING']);
      }
    });

    it('resending gives another code and voids the one before', async () => {
      const email = `${randomUUID()}@example.com`;
      const { id, code } = await invite({ email });
      const resent = (await owner.client.post(`/v1/invites/${id}/resend`)).data;
      expect(resent.code).not.toBe(code);
      expect((await app.mails()).at(-1)).toContain(resent.code);
      expect((await register(code, email)).error.code).toBe('AUTH_INVITE_INVALID');
      expect((await register(resent.code, email)).status).toBe(201);
    });

    it('one for a role above one’s own can be neither resent, which shows its code, nor revoked', async () => {
      const { id } = await invite({ role: 'owner' });
      const admin = await member('admin');
      for (const what of ['resend', 'revoke']) {
        const { status, error } = await admin.client.post(`/v1/invites/${id}/${what}`);
        expect([status, error.code]).toEqual([403, 'AUTH_FORBIDDEN']);
      }
      expect((await owner.client.get(`/v1/invites/${id}`)).data.status).toBe('pending');
    });

    it('one for an address whose holder leaves lets nobody in any more', async () => {
      const email = `${randomUUID()}@example.com`;
      const { id, code } = await invite({ email, role: 'admin' });
      await register((await invite()).code, email);
      const leaving = await app.signIn(email);
      await leaving.client.delete('/v1/user', { body: { password: PASSWORD } });
      expect((await owner.client.get(`/v1/invites/${id}`)).data).toMatchObject({
        email: null,
        status: 'revoked',
      });
      expect((await register(code)).error.code).toBe('AUTH_INVITE_INVALID');
    });

    it('an unknown one is a 404', async () => {
      const id = '0198c0de-0000-7000-8000-000000000000';
      for (const answer of [
        await owner.client.get(`/v1/invites/${id}`),
        await owner.client.post(`/v1/invites/${id}/revoke`),
        await owner.client.post(`/v1/invites/${id}/resend`),
        await owner.client.get('/v1/invites/nonsense'),
      ])
        expect(answer.error.code).toBe('INVITE_NOT_FOUND');
    });

    it('are listed, newest first, by status and in pages', async () => {
      const ids = [];
      for (let one = 0; one < 3; one += 1) ids.unshift((await invite()).id);
      await owner.client.post(`/v1/invites/${ids[1]}/revoke`);
      const first = await owner.client.get('/v1/invites?limit=2');
      expect(first.data.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
      const seen: string[] = [];
      let cursor = '';
      do {
        const { data, body } = await owner.client.get(`/v1/invites?status=pending&limit=3${cursor}`);
        seen.push(...data.map(({ id }: { id: string }) => id));
        expect(data.every(({ status }: { status: string }) => status === 'pending')).toBe(true);
        cursor = body.meta.nextCursor === null ? '' : `&cursor=${body.meta.nextCursor}`;
      } while (cursor !== '');
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.slice(0, 2)).toEqual([ids[0], ids[2]]);
      const plain = await member();
      expect((await plain.client.get('/v1/invites')).error.code).toBe('AUTH_FORBIDDEN');
    });

    it('a code that cannot be used is answered alike, whatever is wrong with it', async () => {
      const { code, expiresAt } = await invite({ role: 'admin' });
      const validate = async (what: string) =>
        (await app.client.post('/v1/invites/validate', { code: what })).data;
      expect(await validate(code)).toEqual({ valid: true, role: 'admin', expiresAt });
      const revoked = await invite();
      await owner.client.post(`/v1/invites/${revoked.id}/revoke`);
      const used = await invite();
      await register(used.code);
      for (const bad of [revoked.code, used.code, '0000-0000-0000-0000', 'x'])
        expect(await validate(bad)).toEqual({ valid: false });
    });
  });

  it('expire', async () => {
    const clock = new TestClock();
    await TestApp.with({ environment: { REGISTRATION_MODE: 'invite' }, clock }, async (late) => {
      const admin = await late.owner();
      const made = (await admin.client.post('/v1/invites', { expiresInDays: 2 })).data;
      clock.forward({ seconds: 2 * DAY + 1 });
      const { client } = await late.signIn(admin.email);
      expect((await client.get(`/v1/invites/${made.id}`)).data.status).toBe('expired');
      expect((await client.get('/v1/invites?status=expired')).data).toHaveLength(1);
      expect((await client.get('/v1/invites?status=pending')).data).toHaveLength(0);
      expect((await late.client.post('/v1/invites/validate', { code: made.code })).data).toEqual({
        valid: false,
      });
      const refused = await late.client.post('/v1/auth/register', {
        email: 'late@example.com',
        password: PASSWORD,
        name: 'Late',
        inviteCode: made.code,
      });
      expect(refused.error.code).toBe('AUTH_INVITE_INVALID');
    });
  });
});
