import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { type Client, confirmationOf } from '../support/client.js';
import { COGNITO_CODE, CognitoPool } from '../support/cognito.js';
import { rowsOf } from '../support/rows.js';
import { claimsOf, forge, signingKey } from '../support/tokens.js';
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
    await post('confirm', confirmationOf(email, await codeFor(email)));
    return app.signIn(email);
  };
  /** A token of a session that began more than ten minutes ago. */
  const oldTokenOf = async ({ accessToken }: Person) => {
    const claims = { auth_time: Math.floor(Date.now() / 1000) - 601 };
    return forge(pool?.signingKey ?? (await signingKey(app)), accessToken, claims);
  };
  const me = ({ client }: Person) => client.get('/v1/auth/me');
  const refresh = ({ refreshToken }: Person) => post('refresh', { refreshToken });
  const login = (email: string, password = PASSWORD) => post('login', { email, password });
  const profileRows = async (userId: string) =>
    (await rowsOf(app)).filter(({ PK, SK }) => PK === `USER#${userId}` && SK === 'PROFILE').length;

  describe('registration', () => {
    it('makes an account that is of no use, and has no profile, before its address is confirmed', async () => {
      const { email, answer, userId } = await register();
      expect([answer.status, answer.data]).toEqual([
        201,
        { userId, email, confirmed: false, registrationToken: expect.any(String) },
      ]);
      expect((await login(email)).error.code).toBe('AUTH_NOT_CONFIRMED');
      expect(await profileRows(userId)).toBe(0);
      const confirmed = await post('confirm', confirmationOf(email, await codeFor(email)));
      expect(confirmed.data).toEqual({ confirmed: true });
      expect(await profileRows(userId)).toBe(1);
      expect((await login(email)).data.user).toMatchObject({ userId, email, emailVerified: true });
    });

    it('refuses a wrong code, and one for nobody', async () => {
      const { email } = await register();
      for (const answer of [
        await post('confirm', confirmationOf(email, WRONG_CODE)),
        await post('confirm', confirmationOf('nobody@example.com', WRONG_CODE)),
      ])
        expect([answer.status, answer.error.code]).toEqual([400, 'AUTH_CODE_INVALID']);
    });

    it('mails another code on demand, and says the same to nobody', async () => {
      const { email } = await register();
      const known = await post('resend-confirmation', { email });
      const unknown = await post('resend-confirmation', { email: 'nobody@example.com' });
      expect([known.status, known.data]).toEqual([unknown.status, unknown.data]);
      expect((await post('confirm', confirmationOf(email, await codeFor(email)))).status).toBe(200);
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
      await post('confirm', confirmationOf(email, await codeFor(email)));
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
      // A retry within the grace keeps the session, whichever way the provider does it.
      expect((await refresh(ada)).status).toBe(200);
      expect((await app.client.as(next.data.accessToken).get('/v1/auth/me')).status).toBe(200);
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

    it('ends by its refresh token alone, also without an access token or with one that is over', async () => {
      for (const token of [undefined, 'over.and.out']) {
        const ada = await person();
        const { refreshToken } = ada;
        const client = token === undefined ? app.client : app.client.as(token);
        expect((await elsewhere(client).post('/v1/auth/logout', { refreshToken })).data).toEqual({
          loggedOut: true,
        });
        expect([(await me(ada)).status, (await refresh(ada)).status]).toEqual([401, 401]);
        // RFC 7009: one that is of no use is no error.
        expect((await elsewhere(client).post('/v1/auth/logout', { refreshToken })).status).toBe(200);
      }
      const made = await post('logout', { refreshToken: 'made-up' });
      expect([made.status, (await post('logout')).status]).toEqual([200, 401]);
    });

    it('a sign-in from a new network is told by mail, and the session says which network it is of', async () => {
      const ada = await person();
      const before = (await app.mails()).length;
      const headers = { 'User-Agent': 'Telephone/2' };
      const body = { email: ada.email, password: PASSWORD };
      await app.client.from('127.66.7.8').post('/v1/auth/login', body, { headers });
      const told = (await app.mails()).slice(before).filter((text) => text.includes(ada.email));
      expect(told.join()).toContain('127.66.7.0/24');
      const { data } = await ada.client.get('/v1/auth/sessions');
      const there = data.find(({ userAgent }: { userAgent: string }) => userAgent === 'Telephone/2');
      expect(there).toMatchObject({ network: '127.66.7.0/24', current: false });
      await app.client.from('127.66.7.8').post('/v1/auth/login', body, { headers });
      expect((await app.mails()).slice(before).filter((text) => text.includes(ada.email))).toHaveLength(1);
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

    it('a reset and a sign-out everywhere revoke the address of a calendar, and the mail says so', async () => {
      for (const out of ['reset', 'logout-all']) {
        const ada = await person();
        const { url } = (await ada.client.post('/v1/quests/calendar-token')).data;
        const calendar = async () => {
          const { pathname, search } = new URL(url);
          return (await app.client.get(pathname + search)).status;
        };
        expect(await calendar()).toBe(200);
        if (out === 'reset') {
          await post('forgot-password', { email: ada.email });
          await post('reset-password', {
            email: ada.email,
            code: await codeFor(ada.email),
            newPassword: NEXT,
          });
        } else await ada.client.post('/v1/auth/logout-all');
        expect(await calendar()).toBe(404);
        const mails = (await app.mails()).filter((text) => text.includes(`To: ${ada.email}`));
        expect(mails.at(-1)?.replaceAll(/=?\r\n/g, ' ')).toContain('secret address of your calendar');
      }
    });

    it('that are common, or the address itself, are refused', async () => {
      for (const [password, code] of [
        ['Password1!', 'common'],
        ['!Qwerty123?', 'common'],
        ['Ada9!@example.com', 'isAddress'],
      ]) {
        const answer = await post('register', { email: 'ada9!@example.com', password, name: 'Ada' });
        expect([answer.status, answer.error.code, answer.error.details?.[0]?.code]).toEqual([
          400,
          'AUTH_PASSWORD_POLICY',
          code,
        ]);
      }
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

    it('tells whether it is on, and how many backup codes are left; new ones replace all', async () => {
      const ada = await person();
      const client = () => elsewhere(ada.client);
      const status = async () => (await client().get('/v1/auth/mfa/totp')).data;
      expect(await status()).toEqual({ enabled: false, backupCodesLeft: isCognito ? null : 0 });
      const { secret } = (await client().post('/v1/auth/mfa/totp')).data;
      const { data } = await client().post('/v1/auth/mfa/totp/verify', { code: totp(secret) });
      expect(await status()).toEqual({ enabled: true, backupCodesLeft: isCognito ? null : 10 });
      const [first = '111111', second = '222222'] = data.backupCodes as string[];
      const renew = (code: string) => client().post('/v1/auth/mfa/totp/backup-codes', { code });
      const renewed = await renew(first);
      if (isCognito) {
        expect([renewed.status, renewed.error.code]).toEqual([409, 'MFA_BACKUP_CODES_UNSUPPORTED']);
        return;
      }
      expect(renewed.data.backupCodes).toHaveLength(10);
      expect((await renew(second)).error.code).toBe('AUTH_CODE_INVALID');
      expect((await renew(renewed.data.backupCodes[0])).status).toBe(200);
    });

    it('takes no full-width digits, with an answer that says so', async () => {
      const ada = await person();
      await ada.client.post('/v1/auth/mfa/totp');
      const verify = await elsewhere(ada.client).post('/v1/auth/mfa/totp/verify', { code: '１２３４５６' });
      const answer = { challenge: 'SOFTWARE_TOKEN_MFA', session: 'bWFkZS11cA', answer: '１２３４５６' };
      for (const refused of [verify, await post('login/challenge', answer)])
        expect([refused.status, refused.error.code]).toEqual([400, 'VALIDATION_ERROR']);
    });

    it('a session that was made up is refused', async () => {
      const made = { challenge: 'SOFTWARE_TOKEN_MFA', session: 'bWFkZS11cA', answer: '123456' };
      expect((await post('login/challenge', made)).error.code).toBe('AUTH_CHALLENGE_FAILED');
    });
  });

  describe('a change of address', () => {
    const ask = ({ client }: Person, newEmail: string) =>
      elsewhere(client).post('/v1/auth/change-email', { newEmail });
    const confirm = async ({ client }: Person, newEmail: string, code?: string) =>
      elsewhere(client).post('/v1/auth/change-email/confirm', {
        newEmail,
        code: code ?? (await codeFor(newEmail)),
      });
    const undoTokenFor = async (email: string) => {
      const mail = (await app.mails()).findLast((text) => text.includes(`To: ${email}`)) ?? '';
      return (
        /undo-email-change\?token=([\w.-]+)/.exec(
          mail.replaceAll('=3D', '=').replaceAll(/=\r\n/g, ''),
        )?.[1] ?? ''
      );
    };
    const moved = async () => {
      const ada = await person();
      const newEmail = `${randomUUID()}@example.com`;
      expect((await ask(ada, newEmail)).status).toBe(202);
      expect((await confirm(ada, newEmail)).data).toEqual({ email: newEmail });
      return { ada, newEmail };
    };

    it('counts once a code from the new address was given, and not before', async () => {
      const ada = await person();
      const newEmail = `${randomUUID()}@example.com`;
      await ask(ada, newEmail);
      expect((await confirm(ada, newEmail, WRONG_CODE)).error.code).toBe('AUTH_CODE_INVALID');
      expect((await me(ada)).data.email).toBe(ada.email);
      expect((await confirm(ada, newEmail)).status).toBe(200);
      expect((await me(ada)).data).toMatchObject({ email: newEmail, emailVerified: true });
      expect((await login(newEmail)).data.user.userId).toBe(ada.userId);
      expect((await login(ada.email)).error.code).toBe('AUTH_INVALID_CREDENTIALS');
      expect((await owner.client.get(`/v1/users/${ada.userId}`)).data.email).toBe(newEmail);
    });

    it('takes no address of somebody else', async () => {
      const [ada, grace] = [await person(), await person()];
      const answer = await ask(ada, grace.email);
      expect([answer.status, answer.error.code]).toEqual([409, 'AUTH_USER_EXISTS']);
    });

    it('is undone by the link in the mail to the old address, which signs everybody out', async () => {
      const { ada, newEmail } = await moved();
      const token = await undoTokenFor(ada.email);
      expect((await post('change-email/undo', { token: `${token}x` })).error.code).toBe('AUTH_LINK_INVALID');
      expect((await post('change-email/undo', { token })).data).toEqual({ email: ada.email });
      expect([(await me(ada)).status, (await refresh(ada)).status]).toEqual([401, 401]);
      expect((await login(ada.email)).data.user).toMatchObject({ userId: ada.userId, email: ada.email });
      expect((await login(newEmail)).error.code).toBe('AUTH_INVALID_CREDENTIALS');
      expect((await post('change-email/undo', { token })).error.code).toBe('AUTH_LINK_INVALID');
    });

    it('is undone also after another change, and the way back is not undone by what came between', async () => {
      const { ada, newEmail } = await moved();
      const first = await undoTokenFor(ada.email);
      const third = `${randomUUID()}@example.com`;
      await ask(ada, third);
      expect((await confirm(ada, third)).status).toBe(200);
      const second = await undoTokenFor(newEmail);
      expect((await post('change-email/undo', { token: first })).data).toEqual({ email: ada.email });
      expect((await post('change-email/undo', { token: second })).error.code).toBe('AUTH_LINK_INVALID');
      expect((await login(ada.email)).data.user).toMatchObject({ userId: ada.userId, email: ada.email });
    });

    it('voids the codes for a new password that went to the address before', async () => {
      const ada = await person();
      await post('forgot-password', { email: ada.email });
      const code = await codeFor(ada.email);
      const newEmail = `${randomUUID()}@example.com`;
      await ask(ada, newEmail);
      await confirm(ada, newEmail);
      // Cognito keeps its codes by itself.
      if (isCognito) return;
      const reset = { email: newEmail, code, newPassword: NEXT };
      expect((await post('reset-password', reset)).error.code).toBe('AUTH_CODE_INVALID');
      expect((await ask(ada, ada.email)).status).toBe(202);
      expect((await confirm(ada, ada.email)).status).toBe(200);
    });

    it('wants the password, or a sign-in of the last ten minutes', async () => {
      const ada = await person();
      const { client } = app;
      const old = client.as(await oldTokenOf(ada));
      const newEmail = `${randomUUID()}@example.com`;
      for (const answer of [
        await elsewhere(old).post('/v1/auth/change-email', { newEmail }),
        await elsewhere(old).post('/v1/auth/mfa/totp'),
      ])
        expect([answer.status, answer.error.code]).toEqual([403, 'AUTH_RECENT_SIGN_IN_REQUIRED']);
      const byPassword = await elsewhere(old).post('/v1/auth/mfa/totp', { password: PASSWORD });
      expect(byPassword.status).toBe(isCognito ? 403 : 200);
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

    it('removes the second factor of somebody of a lower role, who has lost it', async () => {
      const ada = await person();
      const { secret } = (await elsewhere(ada.client).post('/v1/auth/mfa/totp')).data;
      const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
      expect((await elsewhere(ada.client).post('/v1/auth/mfa/totp/verify', { code })).status).toBe(200);
      const details = async () => (await owner.client.get(`/v1/users/${ada.userId}`)).data;
      expect(await details()).toMatchObject({ secondFactorEnabled: true, inviteId: null });
      expect((await ada.client.delete(`/v1/users/${owner.userId}/mfa/totp`)).status).toBe(403);
      expect((await owner.client.delete(`/v1/users/${owner.userId}/mfa/totp`)).status).toBe(403);
      expect((await owner.client.delete(`/v1/users/${ada.userId}/mfa/totp`)).data).toEqual({ removed: true });
      expect((await details()).secondFactorEnabled).toBe(false);
      expect([(await me(ada)).status, (await refresh(ada)).status]).toEqual([401, 401]);
      expect((await login(ada.email)).data.accessToken).toBeDefined();
      const mails = (await app.mails()).filter((text) => text.includes(`To: ${ada.email}`));
      expect(mails.join()).toContain('An administrator removed the second factor');
    });

    it('ends all sessions of a user', async () => {
      const ada = await person();
      expect((await owner.client.delete(`/v1/users/${ada.userId}/sessions`)).data).toEqual({ revoked: 1 });
      expect([(await me(ada)).status, (await refresh(ada)).status]).toEqual([401, 401]);
      expect((await me(await app.signIn(ada.email))).status).toBe(200);
    });

    it('deletes a user with all that is theirs, as they could themselves', async () => {
      const ada = await person();
      const other = await person();
      expect((await other.client.delete(`/v1/users/${ada.userId}`)).status).toBe(403);
      expect((await owner.client.delete(`/v1/users/${owner.userId}`)).error.code).toBe('AUTH_FORBIDDEN');
      expect((await owner.client.delete(`/v1/users/${ada.userId}`)).status).toBe(202);
      expect([(await me(ada)).status, (await refresh(ada)).status]).toEqual([401, 401]);
      expect((await login(ada.email)).error.code).toBe('AUTH_INVALID_CREDENTIALS');
      expect((await owner.client.get(`/v1/users/${ada.userId}`)).status).toBe(404);
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
