import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import type { Client } from '../support/client.js';
import { COGNITO_CODE, CognitoPool } from '../support/cognito.js';
import { rowsOf } from '../support/rows.js';
import { claimsOf } from '../support/tokens.js';
import { PASSWORD, type Person, TestApp } from '../support/test-app.js';

const WRONG_CODE = '000000';
const NEXT = 'N3w-horse!';

/** What both providers promise, in the same words. */
describe.each(['local', 'cognito', 'cognito without rotation'])('The identity provider: %s', (provider) => {
  const isCognito = provider !== 'local';
  const rotates = provider !== 'cognito without rotation';
  let pool: CognitoPool | undefined;
  let app: TestApp;
  let owner: Person;
  let calls = 0;

  beforeAll(async () => {
    pool = isCognito ? await CognitoPool.start() : undefined;
    const environment = {
      AUTH_EMAIL_CONFIRMATION: 'required',
      COGNITO_REFRESH_ROTATION: String(rotates),
      ...pool?.environment,
    };
    app = await TestApp.start({ environment });
    owner = await person();
  });
  afterAll(async () => {
    await app.stop();
    await pool?.stop();
  });

  /** From an address of its own, since failures slow down an address. */
  const elsewhere = (client: Client = app.client) => {
    calls += 1;
    return client.from(`127.5.${Math.floor(calls / 250)}.${(calls % 250) + 1}`);
  };
  const post = (path: string, body?: object) => elsewhere().post(`/v1/auth/${path}`, body);
  const codeFor = (email: string) => (isCognito ? COGNITO_CODE : app.codeFor(email));
  const register = async (fields: object = {}) => {
    const email = `${randomUUID()}@example.com`;
    const answer = await post('register', { email, password: PASSWORD, name: 'Ada Example', ...fields });
    return { email, answer, userId: answer.data?.userId as string };
  };
  const person = async (fields: object = {}) => {
    const { email } = await register(fields);
    await post('confirm', { email, code: await codeFor(email) });
    return app.signIn(email);
  };
  const me = ({ client }: Person) => client.get('/v1/auth/me');
  const refresh = ({ refreshToken }: Person) => post('refresh', { refreshToken });
  const login = (email: string, password = PASSWORD) => post('login', { email, password });
  const profileRows = async (userId: string) =>
    (await rowsOf(app)).filter(({ PK, SK }) => PK === `USER#${userId}` && SK === 'PROFILE').length;

  describe('registration', () => {
    it('makes an account that is of no use, and has no profile, before its address is confirmed', async () => {
      const { email, answer, userId } = await register();
      expect([answer.status, answer.data]).toEqual([201, { userId, email, confirmed: false }]);
      expect((await login(email)).error.code).toBe('AUTH_NOT_CONFIRMED');
      expect(await profileRows(userId)).toBe(0);
      const confirmed = await post('confirm', { email, code: await codeFor(email) });
      expect(confirmed.data).toEqual({ confirmed: true });
      expect(await profileRows(userId)).toBe(1);
      expect((await login(email)).data.user).toMatchObject({ userId, email, emailVerified: true });
    });

    it('refuses a wrong code, and one for nobody', async () => {
      const { email } = await register();
      for (const answer of [
        await post('confirm', { email, code: WRONG_CODE }),
        await post('confirm', { email: 'nobody@example.com', code: WRONG_CODE }),
      ])
        expect([answer.status, answer.error.code]).toEqual([400, 'AUTH_CODE_INVALID']);
    });

    it('mails another code on demand, and says the same to nobody', async () => {
      const { email } = await register();
      const known = await post('resend-confirmation', { email });
      const unknown = await post('resend-confirmation', { email: 'nobody@example.com' });
      expect([known.status, known.data]).toEqual([unknown.status, unknown.data]);
      expect((await post('confirm', { email, code: await codeFor(email) })).status).toBe(200);
    });

    it('takes an address once, and names a weak password', async () => {
      const { email } = await person();
      const again = await post('register', { email, password: PASSWORD, name: 'Ada' });
      expect([again.status, again.error.code]).toEqual([409, 'AUTH_USER_EXISTS']);
      expect((await register({ password: 'weak' })).answer.error.code).toBe('AUTH_PASSWORD_POLICY');
    });

    it('takes a username once, and a login by it', async () => {
      const username = `u-${randomUUID().slice(0, 8)}`;
      const { email } = await person({ username });
      expect((await post('login', { username, password: PASSWORD })).data.user).toMatchObject({
        email,
        username,
      });
      expect((await register({ username: username.toUpperCase() })).answer.error.code).toBe('USERNAME_TAKEN');
    });

    it('makes one profile, however many see a new user first', async () => {
      const { email, userId } = await register();
      if (isCognito) {
        // Past this API, as Cognito's own page would confirm.
        await pool?.callDirectly('ConfirmSignUp', {
          ClientId: pool.clientId,
          Username: email,
          ConfirmationCode: COGNITO_CODE,
        });
      } else {
        await post('confirm', { email, code: await codeFor(email) });
      }
      const all = await Promise.all([login(email), login(email), login(email)]);
      expect(all.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(await profileRows(userId)).toBe(1);
    });
  });

  describe('signing in', () => {
    it('gives tokens whose claims are Cognito’s', async () => {
      const ada = await person();
      const access = claimsOf(ada.accessToken);
      const id = claimsOf(ada.idToken);
      expect(access).toMatchObject({ sub: ada.userId, token_use: 'access', client_id: expect.any(String) });
      expect(id).toMatchObject({
        sub: ada.userId,
        token_use: 'id',
        aud: expect.any(String),
        email: ada.email,
      });
      expect(Number(access['exp']) - Number(access['iat'])).toBe(3600);
      expect(id['origin_jti']).toBe(access['origin_jti']);
      for (const token of [ada.accessToken, ada.idToken])
        expect((await app.client.as(token).get('/v1/auth/me')).data.id).toBe(ada.userId);
    });

    it('refuses wrong passwords and unknown people alike', async () => {
      const { email } = await person();
      const wrong = await login(email, 'Wr0ng-horse');
      const unknown = await login('nobody@example.com');
      expect([wrong.status, wrong.error.code, wrong.error.message]).toEqual([
        unknown.status,
        unknown.error.code,
        unknown.error.message,
      ]);
      expect(wrong.error.code).toBe('AUTH_INVALID_CREDENTIALS');
    });

    it('goes on by the refresh token', async () => {
      const ada = await person();
      const next = await refresh(ada);
      expect(next.status).toBe(200);
      expect((await app.client.as(next.data.accessToken).get('/v1/auth/me')).status).toBe(200);
      expect(claimsOf(next.data.accessToken)['origin_jti']).toBe(claimsOf(ada.accessToken)['origin_jti']);
      const again = await refresh(ada);
      if (rotates) expect([again.status, again.error.code]).toEqual([401, 'AUTH_REFRESH_REUSED']);
      else expect(again.status).toBe(200);
      expect((await post('refresh', { refreshToken: 'made-up' })).error.code).toBe('AUTH_REFRESH_INVALID');
    });

    it('ends by a logout: neither token of the session works any more', async () => {
      const ada = await person();
      const { refreshToken } = ada;
      expect((await ada.client.post('/v1/auth/logout', { refreshToken })).data).toEqual({ loggedOut: true });
      expect([(await me(ada)).status, (await refresh(ada)).status]).toEqual([401, 401]);
    });

    it('sessions are listed, and one is ended', async () => {
      const here = await person();
      const there = await app.signIn(here.email);
      const { data } = await here.client.get('/v1/auth/sessions');
      expect(data).toHaveLength(2);
      const { id } = data.find(({ current }: { current: boolean }) => !current);
      expect((await here.client.delete(`/v1/auth/sessions/${id}`)).status).toBe(200);
      expect([(await me(there)).status, (await refresh(there)).status]).toEqual([401, 401]);
      expect((await me(here)).status).toBe(200);
    });

    it('all sessions end at once, and one can sign in again in the same second', async () => {
      const ada = await person();
      const other = await app.signIn(ada.email);
      expect((await ada.client.post('/v1/auth/logout-all')).data).toEqual({ revoked: 2 });
      for (const each of [ada, other])
        expect([(await me(each)).status, (await refresh(each)).status]).toEqual([401, 401]);
      expect((await me(await app.signIn(ada.email))).status).toBe(200);
    });
  });

  describe('passwords', () => {
    it('a forgotten one is replaced by a code, which signs everybody out', async () => {
      const ada = await person();
      const known = await post('forgot-password', { email: ada.email });
      const unknown = await post('forgot-password', { email: 'nobody@example.com' });
      expect([known.status, known.data]).toEqual([unknown.status, unknown.data]);
      const reset = { email: ada.email, newPassword: NEXT };
      expect((await post('reset-password', { ...reset, code: WRONG_CODE })).error.code).toBe(
        'AUTH_CODE_INVALID',
      );
      expect((await post('reset-password', { ...reset, code: await codeFor(ada.email) })).data).toEqual({
        reset: true,
      });
      expect([(await me(ada)).status, (await refresh(ada)).status]).toEqual([401, 401]);
      expect((await login(ada.email)).error.code).toBe('AUTH_INVALID_CREDENTIALS');
      expect((await me(await app.signIn(ada.email, NEXT))).status).toBe(200);
    });

    it('is changed by whoever knows it, and other sessions end', async () => {
      const here = await person();
      const there = await app.signIn(here.email);
      const change = (currentPassword: string, newPassword = NEXT) =>
        elsewhere(here.client).post('/v1/auth/change-password', { currentPassword, newPassword });
      expect((await change('Wr0ng-horse')).error.code).toBe('AUTH_INVALID_CREDENTIALS');
      expect((await change(PASSWORD, 'weak')).error.code).toBe('AUTH_PASSWORD_POLICY');
      expect((await change(PASSWORD)).data).toEqual({ changed: true });
      expect([(await me(here)).status, (await me(there)).status]).toEqual([200, 401]);
      expect((await login(here.email, NEXT)).status).toBe(200);
    });
  });

  describe('a second factor', () => {
    const totp = (secret: string, steps = 0) =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });

    it('is enrolled by a code, asked for at the next login, and removed by a code', async () => {
      const ada = await person();
      const client = () => elsewhere(ada.client);
      const { secret } = (await client().post('/v1/auth/mfa/totp')).data;
      const verify = (code: string) => client().post('/v1/auth/mfa/totp/verify', { code });
      expect((await verify(WRONG_CODE)).error.code).toBe('AUTH_CODE_INVALID');
      const enabled = await verify(totp(secret));
      expect([enabled.data.enabled, enabled.data.backupCodes.length]).toEqual([true, isCognito ? 0 : 10]);
      expect((await client().post('/v1/auth/mfa/totp')).error.code).toBe('MFA_ENABLED');

      const { data: challenge } = await login(ada.email);
      expect(challenge).toEqual({ challenge: 'SOFTWARE_TOKEN_MFA', session: expect.any(String) });
      const answer = (code: string) => post('login/challenge', { ...challenge, answer: code });
      expect((await answer(WRONG_CODE)).error.code).toBe('AUTH_CHALLENGE_FAILED');
      // Of the next step, which clocks that differ allow: each counts once.
      const signedIn = await answer(totp(secret, 1));
      expect(signedIn.data.user.email).toBe(ada.email);

      const remove = (code: string) =>
        elsewhere(app.client.as(signedIn.data.accessToken)).delete('/v1/auth/mfa/totp', { body: { code } });
      expect((await remove(WRONG_CODE)).error.code).toBe('AUTH_CODE_INVALID');
      expect((await remove(isCognito ? totp(secret) : enabled.data.backupCodes[0])).data.enabled).toBe(false);
      expect((await login(ada.email)).data.accessToken).toBeDefined();
    });

    it('a session that was made up is refused', async () => {
      const made = { challenge: 'SOFTWARE_TOKEN_MFA', session: 'bWFkZS11cA', answer: '123456' };
      expect((await post('login/challenge', made)).error.code).toBe('AUTH_CHALLENGE_FAILED');
    });
  });

  describe('administration', () => {
    const set = ({ userId }: Person, change: object) => owner.client.patch(`/v1/users/${userId}`, change);

    it('gives a role, which is felt at once', async () => {
      const ada = await person();
      expect((await ada.client.get('/v1/users')).status).toBe(403);
      expect((await set(ada, { role: 'admin' })).data.role).toBe('admin');
      expect((await ada.client.get('/v1/users')).status).toBe(200);
      if (pool) {
        expect(await pool.groupsOf(ada.userId)).toEqual(['admin']);
        expect((await pool.attributesOf(ada.userId))['custom:userRole']).toBe('admin');
      }
    });

    it('disables: signed out, no way in, until enabled again', async () => {
      const ada = await person();
      await set(ada, { status: 'disabled' });
      expect([(await me(ada)).status, (await refresh(ada)).status]).toEqual([401, 401]);
      expect((await login(ada.email)).error.code).toBe('AUTH_INVALID_CREDENTIALS');
      await set(ada, { status: 'active' });
      expect((await me(await app.signIn(ada.email))).status).toBe(200);
    });

    it('somebody who leaves is gone, here and at the provider, and can come again as somebody new', async () => {
      const ada = await person();
      const proof = isCognito ? { confirm: 'delete my account' } : { password: PASSWORD };
      expect((await elsewhere(ada.client).delete('/v1/user', { body: {} })).error.code).toBe(
        'VALIDATION_ERROR',
      );
      const left = await elsewhere(ada.client).delete('/v1/user', { body: proof });
      expect(left.status).toBe(202);
      expect([(await me(ada)).status, (await refresh(ada)).status]).toEqual([401, 401]);
      expect((await login(ada.email)).error.code).toBe('AUTH_INVALID_CREDENTIALS');
      const again = await post('register', { email: ada.email, password: PASSWORD, name: 'Again' });
      expect([again.status, again.data.userId === ada.userId]).toEqual([201, false]);
    });
  });
});
