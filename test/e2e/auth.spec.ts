import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { confirmationOf } from '../support/client.js';
import { TestClock } from '../support/clock.js';
import { PASSWORD, type Person, TestApp } from '../support/test-app.js';
import { forge, signingKey } from '../support/tokens.js';

describe('Authentication', () => {
  let app: TestApp;
  let ada: Person;
  beforeAll(async () => {
    app = await TestApp.start();
    ada = await app.person('Ada');
  });
  afterAll(() => app.stop());

  const account = (overrides: object) => ({
    email: `new-${Math.random()}@example.com`,
    password: PASSWORD,
    name: 'New Person',
    ...overrides,
  });

  describe('registering', () => {
    it('gives the id, the address in lower case, and where the profile is', async () => {
      const { status, data, headers } = await app.client.post(
        '/v1/auth/register',
        account({ email: 'Grace@Example.com' }),
      );
      expect(status).toBe(201);
      expect(data).toEqual({
        userId: expect.any(String),
        email: 'grace@example.com',
        confirmed: true,
        registrationToken: expect.any(String),
      });
      expect(headers['location']).toBe('/v1/user/profile');
    });

    it('works under its other name', async () => {
      expect((await app.client.post('/v1/auth/signup', account({}))).status).toBe(201);
    });

    it('takes an address once, whatever its case', async () => {
      const { status, error } = await app.client.post(
        '/v1/auth/register',
        account({ email: 'ADA@example.com' }),
      );
      expect([status, error.code]).toEqual([409, 'AUTH_USER_EXISTS']);
    });

    it('takes a username once, whatever its case, and leaves nothing behind when it is taken', async () => {
      const first = account({ username: 'hopper' });
      expect((await app.client.post('/v1/auth/register', first)).status).toBe(201);
      const second = account({ username: 'Hopper' });
      const { status, error } = await app.client.post('/v1/auth/register', second);
      expect([status, error.code]).toEqual([409, 'USERNAME_TAKEN']);
      expect((await app.client.post('/v1/auth/register', { ...second, username: 'other' })).status).toBe(201);
    });

    it('lets one of many in who ask for the same address at once', async () => {
      const same = account({ email: 'race@example.com' });
      const answers = await Promise.all([1, 2, 3, 4].map(() => app.client.post('/v1/auth/register', same)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    });

    it.each([
      ['short', 'Ab1!', ['minLength']],
      ['long', `Ab1!${'x'.repeat(130)}`, ['maxLength']],
      ['without a symbol', 'Abcdefg1', ['symbol']],
      ['of small letters only', 'abcdefgh', ['number', 'symbol', 'uppercase']],
    ])('names what a password lacks that is %s', async (_, password, codes) => {
      const { status, error } = await app.client.post('/v1/auth/register', account({ password }));
      expect([status, error.code]).toEqual([400, 'AUTH_PASSWORD_POLICY']);
      expect(error.details?.map(({ code }) => code).sort()).toEqual(codes);
    });

    it('keeps a password as it was typed, spaces included', async () => {
      const spaced = account({ password: ' Sp4ced out! ' });
      await app.client.post('/v1/auth/register', spaced);
      const { email } = spaced;
      expect((await app.client.post('/v1/auth/login', { email, password: ' Sp4ced out! ' })).status).toBe(
        200,
      );
      expect((await app.client.post('/v1/auth/login', { email, password: 'Sp4ced out!' })).status).toBe(401);
    });

    it.each([
      ['email', { email: 'nobody' }],
      ['name', { name: '' }],
      ['username', { username: 'a@b' }],
      ['role', { role: 'owner' }],
      ['inviteCode', { inviteCode: '' }],
    ])('refuses a bad or unknown %s', async (field, overrides) => {
      const { status, error } = await app.client.post('/v1/auth/register', account(overrides));
      expect([status, error.code, error.details?.[0]?.field]).toEqual([400, 'VALIDATION_ERROR', field]);
    });

    it('ignores an Idempotency-Key, as a client may send with every POST: nobody gets another’s answer by it', async () => {
      const headers = { 'Idempotency-Key': 'k' };
      const { email } = await app.person();
      const login = () => app.client.post('/v1/auth/login', { email, password: PASSWORD }, { headers });
      const [first, second] = [await login(), await login()];
      expect([first.status, second.status]).toEqual([200, 200]);
      expect(second.data.refreshToken).not.toBe(first.data.refreshToken);
      const registered = await app.client.post('/v1/auth/register', account({}), { headers });
      expect(registered.status).toBe(201);
    });
  });

  describe('signing in', () => {
    it('gives tokens, their life and who it is', async () => {
      const { data } = await app.client.post('/v1/auth/login', {
        email: 'Ada@EXAMPLE.com',
        password: PASSWORD,
      });
      expect(data).toMatchObject({ tokenType: 'Bearer', expiresIn: 3600 });
      expect(data.user).toMatchObject({
        id: ada.userId,
        userId: ada.userId,
        email: 'ada@example.com',
        name: 'Ada',
      });
      expect(JSON.stringify(data)).not.toMatch(/password|hash/i);
    });

    it('works by username', async () => {
      await app.client.post('/v1/auth/register', account({ username: 'lovelace' }));
      const { status } = await app.client.post('/v1/auth/login', {
        username: 'Lovelace',
        password: PASSWORD,
      });
      expect(status).toBe(200);
    });

    it('answers alike to a wrong password and to somebody unknown', async () => {
      const elsewhere = app.client.from('127.0.0.31');
      const wrong = await elsewhere.post('/v1/auth/login', { email: ada.email, password: 'Wr0ng-horse' });
      const unknown = await elsewhere.post('/v1/auth/login', {
        email: 'nobody@example.com',
        password: PASSWORD,
      });
      expect([wrong.status, wrong.error.code]).toEqual([401, 'AUTH_INVALID_CREDENTIALS']);
      const { requestId: _, ...first } = wrong.error;
      const { requestId: __, ...second } = unknown.error;
      expect(first).toEqual(second);
    });

    it('needs an address or a username', async () => {
      const { status, error } = await app.client.post('/v1/auth/login', { password: PASSWORD });
      expect([status, error.details?.[0]?.field]).toEqual([400, 'email']);
    });
  });

  describe('tokens', () => {
    it('access and id tokens are both taken', async () => {
      for (const token of [ada.accessToken, ada.idToken]) {
        expect((await app.client.as(token).get('/v1/auth/me')).data.id).toBe(ada.userId);
      }
    });

    it('me and user are one', async () => {
      const [me, user] = await Promise.all([ada.client.get('/v1/auth/me'), ada.client.get('/v1/auth/user')]);
      expect(me.data).toEqual(user.data);
    });

    it('without one, the answer is a 401 that says so', async () => {
      const { status, error, headers } = await app.client.get('/v1/auth/me');
      expect([status, error.code]).toEqual([401, 'AUTH_UNAUTHORIZED']);
      expect(headers['www-authenticate']).toBe('Bearer');
    });

    it('an expired one has its own code', async () => {
      const token = await forge(await signingKey(app), ada.accessToken, {
        exp: Math.floor(Date.now() / 1000) - 1,
      });
      const { status, error } = await app.client.as(token).get('/v1/auth/me');
      expect([status, error.code]).toEqual([401, 'AUTH_TOKEN_EXPIRED']);
    });

    it('one of another issuer is refused', async () => {
      const token = await forge(await signingKey(app), ada.accessToken, {
        iss: 'https://issuer.example.com',
      });
      const { status, error } = await app.client.as(token).get('/v1/auth/me');
      expect([status, error.code]).toEqual([401, 'AUTH_UNAUTHORIZED']);
    });

    it('are signed by the published key', async () => {
      const keySet = await app.client.get('/.well-known/jwks.json');
      const [header = ''] = ada.accessToken.split('.');
      const { kid, alg } = JSON.parse(Buffer.from(header, 'base64url').toString());
      expect(alg).toBe('RS256');
      expect(keySet.body.keys).toContainEqual(
        expect.objectContaining({ kid, kty: 'RSA', use: 'sig', alg: 'RS256' }),
      );
      expect(JSON.stringify(keySet.body)).not.toMatch(/"(d|p|q|dp|dq|qi)":/);
    });

    it('carry the claims that Cognito gives them', () => {
      const claims = (token: string) =>
        JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
      expect(claims(ada.accessToken)).toMatchObject({
        sub: ada.userId,
        token_use: 'access',
        client_id: 'hearth-web',
        'cognito:groups': ['owner'],
        origin_jti: expect.any(String),
      });
      expect(claims(ada.idToken)).toMatchObject({
        token_use: 'id',
        aud: 'hearth-web',
        email: ada.email,
        'custom:userRole': 'owner',
      });
    });

    it('the discovery document leads to the keys', async () => {
      const { body } = await app.client.get('/.well-known/openid-configuration');
      expect(new URL(body.jwks_uri).pathname).toBe('/.well-known/jwks.json');
      expect(body.jwks_uri.startsWith(body.issuer)).toBe(true);
    });
  });

  describe('refreshing', () => {
    it('gives new tokens, once', async () => {
      const person = await app.person();
      const first = await app.client.post('/v1/auth/refresh', { refreshToken: person.refreshToken });
      expect(first.status).toBe(200);
      expect((await app.client.as(first.data.accessToken).get('/v1/auth/me')).status).toBe(200);
      const second = await app.client.post('/v1/auth/refresh', { refreshToken: first.data.refreshToken });
      expect(second.status).toBe(200);
    });

    it('a made-up token ends nobody’s session', async () => {
      const person = await app.person();
      const [sub, session] = person.refreshToken.split('.');
      for (const forged of [
        `${sub}.${session}.${'A'.repeat(43)}`,
        `${sub}.${sub}.x`,
        'nonsense',
        'a.b.c.d',
      ]) {
        const { status, error } = await app.client.post('/v1/auth/refresh', { refreshToken: forged });
        expect([status, error.code]).toEqual([401, 'AUTH_REFRESH_INVALID']);
      }
      expect((await app.client.post('/v1/auth/refresh', { refreshToken: person.refreshToken })).status).toBe(
        200,
      );
    });
  });

  describe('signing out', () => {
    it('ends the session of the token', async () => {
      const person = await app.person();
      const { data } = await person.client.post('/v1/auth/logout');
      expect(data).toEqual({ loggedOut: true });
      expect((await person.client.get('/v1/auth/me')).status).toBe(401);
      expect((await app.client.post('/v1/auth/refresh', { refreshToken: person.refreshToken })).status).toBe(
        401,
      );
    });

    it('ends another session by its refresh token, and leaves this one', async () => {
      const person = await app.person();
      const other = await app.signIn(person.email);
      await person.client.post('/v1/auth/logout', { refreshToken: other.refreshToken });
      expect((await other.client.get('/v1/auth/me')).status).toBe(401);
      expect((await person.client.get('/v1/auth/me')).status).toBe(200);
    });

    it('a refresh token of somebody else ends nothing of theirs', async () => {
      const [one, other] = [await app.person(), await app.person()];
      await one.client.post('/v1/auth/logout', { refreshToken: other.refreshToken });
      expect((await other.client.get('/v1/auth/me')).status).toBe(200);
    });
  });

  describe('a forgotten password', () => {
    it('is replaced by a code from the mail, which ends every session', async () => {
      const person = await app.person();
      const asked = await app.client.post('/v1/auth/forgot-password', { email: person.email });
      expect(asked.status).toBe(202);
      const code = await app.codeFor(person.email);
      const reset = { email: person.email, code, newPassword: 'N3w-horse!' };
      const { data } = await app.client.post('/v1/auth/reset-password', reset);
      expect(data).toEqual({ reset: true });
      expect((await person.client.get('/v1/auth/me')).status).toBe(401);
      expect((await app.client.post('/v1/auth/refresh', { refreshToken: person.refreshToken })).status).toBe(
        401,
      );
      expect(
        (await app.client.post('/v1/auth/login', { email: person.email, password: PASSWORD })).status,
      ).toBe(401);
      const back = await app.signIn(person.email, 'N3w-horse!');
      expect((await back.client.get('/v1/auth/me')).status).toBe(200);
      const again = await app.client.post('/v1/auth/reset-password', reset);
      expect([again.status, again.error.code]).toEqual([400, 'AUTH_CODE_INVALID']);
    });

    it('is answered alike for an unknown address, to which nothing is sent', async () => {
      const before = (await app.mails()).length;
      const unknown = await app.client.post('/v1/auth/forgot-password', { email: 'unknown@example.com' });
      expect((await app.mails()).length).toBe(before);
      const known = await app.client.post('/v1/auth/forgot-password', { email: ada.email });
      expect([unknown.status, unknown.data]).toEqual([known.status, known.data]);
    });

    it('is answered alike however many ask at once, and exactly one of the codes that were mailed counts', async () => {
      const person = await app.person();
      const asked = await Promise.all(
        Array.from({ length: 6 }, () => app.client.post('/v1/auth/forgot-password', { email: person.email })),
      );
      expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 202));
      // Which code was kept last, the order of the mails does not tell.
      const statuses: number[] = [];
      for (const code of await app.codesFor(person.email)) {
        const reset = { email: person.email, code, newPassword: 'N3w-horse!' };
        statuses.push((await app.client.post('/v1/auth/reset-password', reset)).status);
      }
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    });

    it('sends at most five mails an hour to one account', async () => {
      const person = await app.person();
      for (let time = 0; time < 7; time += 1) {
        await app.client.post('/v1/auth/forgot-password', { email: person.email });
      }
      expect((await app.mails()).filter((text) => text.includes(person.email))).toHaveLength(5);
    });

    it('a code stands five guesses, also in parallel', async () => {
      const person = await app.person();
      await app.client.post('/v1/auth/forgot-password', { email: person.email });
      const right = await app.codeFor(person.email);
      const wrong = right === '000000' ? '000001' : '000000';
      const guess = (code: string) =>
        app.client.post('/v1/auth/reset-password', { email: person.email, code, newPassword: 'N3w-horse!' });
      for (let time = 0; time < 5; time += 1)
        expect((await guess(wrong)).error.code).toBe('AUTH_CODE_INVALID');
      expect((await guess(right)).error.code).toBe('AUTH_CODE_INVALID');
    });

    it('a code for nobody, or a weak new password, is refused', async () => {
      const reset = { email: 'unknown@example.com', code: '123456', newPassword: 'N3w-horse!' };
      expect((await app.client.post('/v1/auth/reset-password', reset)).error.code).toBe('AUTH_CODE_INVALID');
      const weak = await app.client.post('/v1/auth/reset-password', { ...reset, newPassword: 'weak' });
      expect(weak.error.code).toBe('AUTH_PASSWORD_POLICY');
    });
  });
});

describe('Who may register', () => {
  it('the first user on a laptop is the owner, the next are members, also when they come at once', () =>
    TestApp.with({}, async (app) => {
      const people = await Promise.all([app.person(), app.person(), app.person()]);
      const profiles = await Promise.all(people.map(({ client }) => client.get('/v1/user/profile')));
      expect(profiles.map(({ data }) => data.role).sort()).toEqual(['member', 'member', 'owner']);
    }));

  const closed = { REGISTRATION_MODE: 'closed', OWNER_EMAIL: 'Owner@example.com' };
  it('nobody but the owner where registration is closed, and the owner once the address is confirmed', () =>
    TestApp.with({ environment: closed }, async (app) => {
      const stranger = { email: 'stranger@example.com', password: PASSWORD, name: 'Stranger' };
      const { status, error } = await app.client.post('/v1/auth/register', stranger);
      expect([status, error.code]).toEqual([403, 'AUTH_REGISTRATION_CLOSED']);
      const email = 'owner@example.com';
      const registered = await app.client.post('/v1/auth/register', {
        email,
        password: PASSWORD,
        name: 'Owner',
      });
      expect(registered.data).toMatchObject({ email, confirmed: false });
      const early = await app.client.post('/v1/auth/login', { email, password: PASSWORD });
      expect([early.status, early.error.code]).toEqual([403, 'AUTH_NOT_CONFIRMED']);
      await app.client.post('/v1/auth/confirm', confirmationOf(email, await app.codeFor(email)));
      const owner = await app.signIn(email);
      expect((await owner.client.get('/v1/user/profile')).data).toMatchObject({
        role: 'owner',
        emailVerified: true,
      });
    }));

  it('an account that was there before OWNER_EMAIL named it becomes the owner’s once it is confirmed', () =>
    TestApp.with({}, async (app) => {
      await app.owner();
      const ada = await app.person('ada');
      const later = await app.another({ OWNER_EMAIL: ada.email });
      const role = async () => (await (await later.signIn(ada.email)).client.get('/v1/auth/me')).data.role;
      expect(await role()).toBe('member');
      await later.client.post('/v1/auth/resend-confirmation', { email: ada.email });
      await later.client.post('/v1/auth/confirm', confirmationOf(ada.email, await later.codeFor(ada.email)));
      expect(await role()).toBe('owner');
    }));

  it('where an owner is named, the first to come is a member', () =>
    TestApp.with({ environment: { OWNER_EMAIL: 'owner@example.com' } }, async (app) => {
      const first = await app.person();
      expect((await first.client.get('/v1/user/profile')).data.role).toBe('member');
    }));
});

describe('Guessing passwords', () => {
  // It waits for a second, which the real clock may be over with too early.
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ clock: new TestClock() });
  });
  afterAll(() => app.stop());

  it('does not let guesses of one network in parallel slip through', async () => {
    const victim = await app.person();
    const guesser = app.client.from('127.0.3.1');
    const guesses = Array.from({ length: 12 }, () =>
      guesser.post('/v1/auth/login', { email: victim.email, password: 'Wr0ng-horse' }),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(6);
  });
});

describe('Rate windows', () => {
  // A window is a minute of the clock: the real one may go over to the next in the middle of the test.
  const clock = new TestClock();

  it('limit an address over all routes for signing in, say how long to wait, and leave others alone', () =>
    TestApp.with({ environment: { RATE_LIMIT_AUTH_PER_MINUTE: '3' }, clock }, async (app) => {
      const caller = app.client.from('127.0.0.77');
      const attempt = (client = caller) => client.post('/v1/auth/refresh', { refreshToken: 'nonsense' });
      const first = await attempt();
      expect(first.headers).toMatchObject({ 'ratelimit-limit': '3', 'ratelimit-remaining': '2' });
      await attempt();
      await caller.post('/v1/auth/forgot-password', { email: 'nobody@example.com' });
      const over = await attempt();
      expect([over.status, over.error.code]).toEqual([429, 'RATE_LIMITED']);
      expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(over.headers['retry-after'])).toBeLessThanOrEqual(60);
      const shared = await app.another({}, clock);
      expect((await attempt(shared.client.from('127.0.0.77'))).status).toBe(429);
      expect((await attempt(app.client.from('127.0.0.78'))).status).toBe(401);
    }));
});
