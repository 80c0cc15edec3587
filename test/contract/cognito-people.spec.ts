import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { confirmationOf } from '../support/client.js';
import { COGNITO_CODE, CognitoPool } from '../support/cognito.js';
import { PASSWORD, type Person, TestApp } from '../support/test-app.js';
import { claimsOf } from '../support/tokens.js';

const newEmail = () => `${randomUUID()}@example.com`;

/** Where registration is by invitation: who is in the pool already is not in here yet. */
describe('People of a user pool', () => {
  let pool: CognitoPool;
  let app: TestApp;
  let owner: Person;
  beforeAll(async () => {
    pool = await CognitoPool.start();
    const environment = {
      ...pool.environment,
      REGISTRATION_MODE: 'invite',
      OWNER_EMAIL: 'owner@example.com',
      COGNITO_ACCEPTED_CLIENTS: 'phone,scripts',
    };
    app = await TestApp.start({ environment });
    owner = await registered('owner@example.com');
  });
  afterAll(async () => {
    await app.stop();
    await pool.stop();
  });

  async function registered(email: string, fields: object = {}): Promise<Person> {
    const body = { email, password: PASSWORD, name: 'Ada', ...fields };
    await app.client.post('/v1/auth/register', body);
    await app.client.post('/v1/auth/confirm', confirmationOf(email, COGNITO_CODE));
    return app.signIn(email);
  }
  const invited = async () => registered(newEmail(), { inviteCode: await inviteCode() });
  const inviteCode = async (fields: object = {}) =>
    (await owner.client.post('/v1/invites', fields)).data.code as string;
  const now = () => Math.floor(Date.now() / 1000);
  const tokenOf = (sub: string, claims: object = {}) =>
    pool.sign({
      iss: pool.issuer,
      client_id: pool.clientId,
      token_use: 'access',
      sub,
      iat: now(),
      exp: now() + 3600,
      auth_time: now(),
      origin_jti: randomUUID(),
      ...claims,
    });
  const me = (token: string) => app.client.as(token).get('/v1/auth/me');

  describe('who are not admitted here', () => {
    it('are told so, and are let in by an invitation with the token of the pool', async () => {
      const email = newEmail();
      const sub = await pool.adminCreates(email, 'admin');
      const token = tokenOf(sub);
      const refused = await me(token);
      expect([refused.status, refused.error.code]).toEqual([403, 'AUTH_NOT_ADMITTED']);
      const client = app.client.as(token);
      const accept = (code: string) => client.post('/v1/invites/accept', { code });
      expect((await accept('0000-0000-0000-0000')).error.code).toBe('AUTH_INVITE_INVALID');
      const foreign = await inviteCode({ email: newEmail() });
      expect((await accept(foreign)).error.code).toBe('AUTH_INVITE_INVALID');
      const { code, id } = (await owner.client.post('/v1/invites', { email, role: 'admin' })).data;
      expect((await accept(code)).data).toEqual({ accepted: true });
      expect((await me(token)).data).toMatchObject({ id: sub, email, role: 'admin' });
      expect((await owner.client.get(`/v1/users/${sub}`)).data.inviteId).toBe(id);
      expect((await accept(await inviteCode())).error.code).toBe('USER_EXISTS');
      const again = await owner.client.post('/v1/invites', { email });
      expect([again.status, again.error.code]).toEqual([409, 'INVITE_USER_EXISTS']);
    });

    it('are let in with the login by the code of an invitation, and never told that the password was wrong', async () => {
      const email = newEmail();
      await pool.callDirectly('SignUp', {
        ClientId: pool.clientId,
        Username: email,
        Password: PASSWORD,
        UserAttributes: [{ Name: 'email', Value: email }],
      });
      await pool.callDirectly('ConfirmSignUp', {
        ClientId: pool.clientId,
        Username: email,
        ConfirmationCode: COGNITO_CODE,
      });
      const login = (fields: object = {}) =>
        app.client.post('/v1/auth/login', { email, password: PASSWORD, ...fields });
      const refused = await login();
      expect([refused.status, refused.error.code]).toEqual([403, 'AUTH_NOT_ADMITTED']);
      expect((await login({ password: 'Wr0ng-horse' })).error.code).toBe('AUTH_INVALID_CREDENTIALS');
      expect((await login({ inviteCode: 'NO-SUCH' })).error.code).toBe('AUTH_INVITE_INVALID');
      const usedCode = await inviteCode();
      expect((await login({ inviteCode: usedCode })).data.user).toMatchObject({ email, role: 'member' });
      expect((await login()).status).toBe(200);
      // One use was for one person.
      const other = await app.client.post('/v1/auth/register', {
        email: newEmail(),
        password: PASSWORD,
        name: 'Eve',
        inviteCode: usedCode,
      });
      expect(other.error.code).toBe('AUTH_INVITE_INVALID');
    });

    it('do not come in where their address was confirmed at the pool itself, but by a new password', async () => {
      const email = newEmail();
      const body = { email, password: PASSWORD, name: 'Ada', inviteCode: await inviteCode() };
      expect((await app.client.post('/v1/auth/register', body)).status).toBe(201);
      // Whoever reads the mail cannot see whose registration the code in it is of.
      await pool.callDirectly('ConfirmSignUp', {
        ClientId: pool.clientId,
        Username: email,
        ConfirmationCode: COGNITO_CODE,
      });
      const login = (password: string, fields: object = {}) =>
        app.client.post('/v1/auth/login', { email, password, ...fields });
      expect((await login(PASSWORD)).error.code).toBe('AUTH_NOT_ADMITTED');
      expect((await login(PASSWORD, { inviteCode: await inviteCode() })).error.code).toBe(
        'AUTH_NOT_ADMITTED',
      );
      await app.client.post('/v1/auth/forgot-password', { email });
      const reset = { email, code: COGNITO_CODE, newPassword: 'N3w-horse!' };
      expect((await app.client.post('/v1/auth/reset-password', reset)).data).toEqual({ reset: true });
      expect((await login(PASSWORD)).error.code).toBe('AUTH_INVALID_CREDENTIALS');
      expect((await login('N3w-horse!')).data.user).toMatchObject({ email, emailVerified: true });
    });

    it('with a temporary password are told so after they have set their own', async () => {
      const email = newEmail();
      await pool.adminCreates(email, 'admin');
      pool.replyNext('InitiateAuth', {
        body: { ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: 's', ChallengeParameters: {} },
      });
      const { data } = await app.client.post('/v1/auth/login', { email, password: PASSWORD });
      const sub = (await pool.attributesOf(email))['sub'] ?? '';
      const AuthenticationResult = {
        AccessToken: tokenOf(sub),
        IdToken: tokenOf(sub, { token_use: 'id' }),
        RefreshToken: 'r',
      };
      pool.replyNext('RespondToAuthChallenge', { body: { AuthenticationResult } });
      const answered = await app.client.post('/v1/auth/login/challenge', { ...data, answer: 'N3w-horse!' });
      expect([answered.status, answered.error.code]).toEqual([403, 'AUTH_NOT_ADMITTED']);
      // The challenge named nobody: the name of the login stands in.
      expect(pool.last('RespondToAuthChallenge')).toMatchObject({ ChallengeResponses: { USERNAME: email } });
    });

    it('of another provider are found by the username in their tokens, from then on as well', async () => {
      const email = newEmail();
      const inPool = await pool.adminCreates(email, 'member');
      const sub = randomUUID();
      const username = `Google_${randomUUID()}`;
      pool.federate(username, inPool, sub);
      const token = tokenOf(sub, { username });
      expect((await me(token)).error.code).toBe('AUTH_NOT_ADMITTED');
      const code = await inviteCode({ email });
      const accepted = await app.client.as(token).post('/v1/invites/accept', { code });
      expect(accepted.status).toBe(200);
      expect((await me(token)).data).toMatchObject({ id: sub, email });
      expect((await owner.client.patch(`/v1/users/${sub}`, { role: 'admin' })).data.role).toBe('admin');
      expect(await pool.groupsOf(inPool)).toContain('admin');
    });
  });

  describe('whose sessions began at the pool', () => {
    const begin = async (email: string) => {
      const reply = await pool.callDirectly('InitiateAuth', {
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: pool.clientId,
        AuthParameters: { USERNAME: email, PASSWORD },
      });
      const body = reply?.body as { AuthenticationResult: { AccessToken: string; RefreshToken: string } };
      return body.AuthenticationResult;
    };

    it('are listed, refresh through this API, and can be ended', async () => {
      const { email } = await invited();
      const { AccessToken, RefreshToken } = await begin(email);
      const client = app.client.as(AccessToken);
      const id = claimsOf(AccessToken)['origin_jti'];
      const sessions = (await client.get('/v1/auth/sessions')).data as { id: string; current: boolean }[];
      expect(sessions.find(({ current }) => current)?.id).toBe(id);
      const refreshed = await app.client.post('/v1/auth/refresh', { refreshToken: RefreshToken });
      expect(refreshed.status).toBe(200);
      expect((await me(refreshed.data.accessToken)).status).toBe(200);
      expect((await client.delete(`/v1/auth/sessions/${String(id)}`)).status).toBe(200);
      expect((await me(AccessToken)).status).toBe(401);
      const { refreshToken } = refreshed.data;
      expect((await app.client.post('/v1/auth/refresh', { refreshToken })).status).toBe(401);
    });

    it('refresh through this API also where no call of theirs was seen before', async () => {
      const { email } = await invited();
      const { RefreshToken } = await begin(email);
      const refreshed = await app.client.post('/v1/auth/refresh', { refreshToken: RefreshToken });
      expect(refreshed.status).toBe(200);
      const { data } = await app.client.as(refreshed.data.accessToken).get('/v1/auth/sessions');
      expect(data).toHaveLength(2);
    });
  });

  it('have the address that they gave the pool, once it is verified, from the next sign-in', async () => {
    const person = await invited();
    const email = newEmail();
    await pool.setEmail(person.userId, email);
    expect((await app.signIn(email)).userId).toBe(person.userId);
    expect((await person.client.get('/v1/user/profile')).data.email).toBe(email);
  });

  it('come by other clients of the pool, if these are listed', async () => {
    const { userId } = await invited();
    expect((await me(tokenOf(userId, { client_id: 'phone' }))).status).toBe(200);
    expect(
      (await me(tokenOf(userId, { token_use: 'id', aud: 'scripts', client_id: undefined }))).status,
    ).toBe(200);
    expect((await me(tokenOf(userId, { client_id: 'stranger' }))).status).toBe(401);
  });

  it('get no other error for a wrong password where an emulator calls it InvalidPassword', async () => {
    pool.failNext('InitiateAuth', 'InvalidPasswordException');
    const answer = await app.client.post('/v1/auth/login', { email: owner.email, password: 'Wr0ng-horse' });
    expect([answer.status, answer.error.code]).toEqual([401, 'AUTH_INVALID_CREDENTIALS']);
  });

  it('are told what the pool’s own rule wants of a password, before the pool refuses it', async () => {
    for (const [password, code] of [
      ['Österreich1!', 'uppercase'],
      ['Abcdefg1€', 'symbol'],
      ['Abcdefg١!', 'number'],
      [' Corr3ct-horse', 'blank'],
    ]) {
      const body = { email: newEmail(), password, name: 'Ada', inviteCode: 'x' };
      const answer = await app.client.post('/v1/auth/register', body);
      expect([answer.error.code, answer.error.details?.[0]?.code]).toEqual(['AUTH_PASSWORD_POLICY', code]);
      const reset = { email: owner.email, code: COGNITO_CODE, newPassword: password };
      expect((await app.client.post('/v1/auth/reset-password', reset)).error.code).toBe(
        'AUTH_PASSWORD_POLICY',
      );
    }
    const long = {
      email: `${'a'.repeat(60)}@${'b'.repeat(60)}.example.com`,
      password: PASSWORD,
      name: 'Ada',
    };
    const code = await inviteCode();
    const refused = await app.client.post('/v1/auth/register', { ...long, inviteCode: code });
    expect([refused.status, refused.error.code]).toEqual([400, 'AUTH_VALUE_REFUSED']);
  });

  it('are signed out here also while the pool does not revoke', async () => {
    const person = await invited();
    pool.fail('RevokeToken', 'InternalErrorException', 500);
    const { refreshToken } = person;
    const answer = await person.client.post('/v1/auth/logout', { refreshToken });
    pool.heal();
    expect(answer.status).toBe(503);
    expect((await me(person.accessToken)).status).toBe(401);
  });

  it('find the pool’s discovery document by this API’s', async () => {
    const answer = await app.client.get('/.well-known/openid-configuration');
    expect([answer.status, answer.headers['location']]).toEqual([
      301,
      `${pool.issuer}/.well-known/openid-configuration`,
    ]);
  });
});

describe('An emulator whose tokens carry another issuer than its endpoint', () => {
  it('is believed where COGNITO_ISSUER and COGNITO_JWKS_URL say so', async () => {
    const pool = await CognitoPool.start();
    const issuer = `https://cognito-idp.eu-north-1.amazonaws.com/${pool.poolId}`;
    const environment = {
      ...pool.environment,
      COGNITO_ISSUER: issuer,
      COGNITO_JWKS_URL: `${pool.issuer}/.well-known/jwks.json`,
    };
    await TestApp.with({ environment }, async (app) => {
      const sub = await pool.adminCreates(newEmail(), 'member');
      const iat = Math.floor(Date.now() / 1000);
      const claims = { client_id: pool.clientId, token_use: 'access', sub, iat, exp: iat + 3600 };
      expect((await app.client.as(pool.sign({ ...claims, iss: issuer })).get('/v1/auth/me')).status).toBe(
        200,
      );
      expect(
        (await app.client.as(pool.sign({ ...claims, iss: pool.issuer })).get('/v1/auth/me')).status,
      ).toBe(401);
    });
    await pool.stop();
  });
});
