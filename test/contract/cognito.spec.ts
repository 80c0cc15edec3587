import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { confirmationOf } from '../support/client.js';
import jwt from 'jsonwebtoken';
import { loadConfig } from '../../src/config/config.js';
import { meaningOf, OPERATIONS, type Operation } from '../../src/platform/identity/cognito/cognito-errors.js';
import { sealSignUp } from '../../src/platform/identity/cognito/sign-up-seal.js';
import { ApplicationKeys } from '../../src/platform/secrets/application-keys.js';
import { TestClock } from '../support/clock.js';
import { COGNITO_CODE, CognitoPool } from '../support/cognito.js';
import { rowsOf } from '../support/rows.js';
import type { SocketApp } from '../support/socket-app.js';
import { PASSWORD, type Person, TestApp } from '../support/test-app.js';

/** The errors that the SDK's own documentation declares for an operation. */
function declaredBy(operation: Operation): string[] {
  const command = operation === 'Refresh' ? 'InitiateAuth' : operation;
  const path = `node_modules/@aws-sdk/client-cognito-identity-provider/dist-types/commands/${command}Command.d.ts`;
  const names = [...readFileSync(path, 'utf8').matchAll(/@throws \{@link (\w+Exception)\}/g)].map(
    ([, name]) => name ?? '',
  );
  return names.filter((name) => name !== 'CognitoIdentityProviderServiceException');
}

const declared = OPERATIONS.flatMap((operation) =>
  declaredBy(operation).map((name) => [operation, name] as const),
);

describe('Cognito’s errors', () => {
  it('every one that is declared for an operation that is called has a meaning here', () => {
    expect(declared.length).toBeGreaterThan(200);
    expect(declared.filter(([operation, name]) => meaningOf(operation, name) === undefined)).toEqual([]);
  });
});

describe('A user pool', () => {
  let pool: CognitoPool;
  let app: TestApp;
  let ada: Person;

  const newEmail = () => `${randomUUID()}@example.com`;
  const register = (email: string, fields: object = {}) =>
    app.client.post('/v1/auth/register', { email, password: PASSWORD, name: 'Ada', ...fields });
  const confirm = (email: string) => app.client.post('/v1/auth/confirm', confirmationOf(email, COGNITO_CODE));
  const person = async () => {
    const email = newEmail();
    await register(email);
    await confirm(email);
    return app.signIn(email);
  };

  beforeAll(async () => {
    pool = await CognitoPool.start();
    app = await TestApp.start({ environment: pool.environment });
    ada = await person();
  });
  afterAll(async () => {
    await app.stop();
    await pool.stop();
  });

  describe('whatever it says, the answer is documented, and never a 500', () => {
    const routes: Partial<Record<Operation, () => Promise<{ status: number; error: { code: string } }>>> = {
      SignUp: () => register(newEmail()),
      ConfirmSignUp: async () => {
        const email = newEmail();
        await register(email);
        return confirm(email);
      },
      ResendConfirmationCode: () => app.client.post('/v1/auth/resend-confirmation', { email: ada.email }),
      InitiateAuth: () => app.client.post('/v1/auth/login', { email: ada.email, password: PASSWORD }),
      RespondToAuthChallenge: () =>
        app.client.post('/v1/auth/login/challenge', {
          challenge: 'SOFTWARE_TOKEN_MFA',
          session: Buffer.from('["ada","session"]').toString('base64url'),
          answer: '123456',
        }),
      GetTokensFromRefreshToken: () => app.client.post('/v1/auth/refresh', { refreshToken: 'token' }),
      ForgotPassword: () => app.client.post('/v1/auth/forgot-password', { email: ada.email }),
      ConfirmForgotPassword: () =>
        app.client.post('/v1/auth/reset-password', { email: ada.email, code: '1', newPassword: PASSWORD }),
      ChangePassword: () =>
        ada.client.post('/v1/auth/change-password', { currentPassword: PASSWORD, newPassword: PASSWORD }),
      AssociateSoftwareToken: () => ada.client.post('/v1/auth/mfa/totp'),
      VerifySoftwareToken: () => ada.client.post('/v1/auth/mfa/totp/verify', { code: '123456' }),
    };
    const cases = declared.filter(([operation]) => routes[operation] !== undefined);

    it.each(cases)('%s: %s', async (operation, name) => {
      pool.fail(operation, name, name === 'InternalErrorException' ? 500 : 400);
      const answer = await routes[operation]?.();
      const meaning = meaningOf(operation, name);
      expect([name, answer?.status]).not.toEqual([name, 500]);
      if (meaning === 'unavailable') expect(answer?.status).toBe(503);
      if (meaning === 'throttled') expect(answer?.status).toBe(429);
      if (meaning === 'nothing') expect(answer?.status).toBe(202);
    });

    afterEach(() => pool.heal());

    it('an error that nobody declared is a 500, logged once', async () => {
      pool.failNext('InitiateAuth', 'SurpriseException');
      const answer = await app.client.post('/v1/auth/login', { email: ada.email, password: PASSWORD });
      expect([answer.status, answer.error.code]).toEqual([500, 'INTERNAL_ERROR']);
      expect(app.running.logs.filter((line) => line['level'] === 'ERROR')).toHaveLength(1);
    });
  });

  describe('asks for more at a login', () => {
    it('a new password, for somebody whom an administrator made', async () => {
      const email = newEmail();
      pool.replyNext('InitiateAuth', {
        body: {
          ChallengeName: 'NEW_PASSWORD_REQUIRED',
          Session: 's',
          ChallengeParameters: { USER_ID_FOR_SRP: email },
        },
      });
      const { data } = await app.client.post('/v1/auth/login', { email, password: PASSWORD });
      expect(data.challenge).toBe('NEW_PASSWORD_REQUIRED');
      const weak = await app.client.post('/v1/auth/login/challenge', { ...data, answer: 'weak' });
      expect(weak.error.code).toBe('AUTH_PASSWORD_POLICY');
      pool.failNext('RespondToAuthChallenge', 'NotAuthorizedException');
      await app.client.post('/v1/auth/login/challenge', { ...data, answer: 'N3w-horse!' });
      expect(pool.last('RespondToAuthChallenge')).toMatchObject({
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        Session: 's',
        ChallengeResponses: { USERNAME: email, NEW_PASSWORD: 'N3w-horse!' },
      });
    });

    it('what is not set up here is an outage, not a way in', async () => {
      pool.replyNext('InitiateAuth', { body: { ChallengeName: 'SMS_MFA', Session: 's' } });
      const answer = await app.client.post('/v1/auth/login', { email: ada.email, password: PASSWORD });
      expect(answer.status).toBe(503);
    });

    it('a reset that an administrator asked for has its own code', async () => {
      pool.failNext('InitiateAuth', 'PasswordResetRequiredException');
      const answer = await app.client.post('/v1/auth/login', { email: ada.email, password: PASSWORD });
      expect([answer.status, answer.error.code]).toEqual([403, 'AUTH_PASSWORD_RESET_REQUIRED']);
    });
  });

  it('account operations want the access token itself', async () => {
    const person_ = await person();
    const client = app.client.as(person_.idToken);
    const body = { currentPassword: PASSWORD, newPassword: 'N3w-horse!' };
    for (const answer of [
      await client.post('/v1/auth/change-password', body),
      await client.post('/v1/auth/mfa/totp'),
    ])
      expect([answer.status, answer.error.code]).toEqual([403, 'AUTH_ACCESS_TOKEN_REQUIRED']);
    expect((await client.post('/v1/auth/logout-all')).data).toEqual({ revoked: 1 });
    expect(pool.calls.at(-1)).toBe('AdminUserGlobalSignOut');
  });

  it('a registration that the table refuses leaves nobody in the pool', async () => {
    // Of two that want one name at the same moment the table refuses one; of two in a row the later gets it.
    let refused: string | undefined;
    for (let round = 0; round < 30 && refused === undefined; round += 1) {
      const username = `u-${randomUUID().slice(0, 8)}`;
      const emails = [newEmail(), newEmail()];
      const both = await Promise.all(emails.map((email) => register(email, { username })));
      expect([201, 409]).toEqual(expect.arrayContaining(both.map(({ status }) => status)));
      refused = emails[both.findIndex(({ status }) => status === 409)];
    }
    expect(refused).toBeDefined();
    expect(await pool.attributesOf(refused ?? '')).toEqual({});
  });

  describe('its tokens', () => {
    const claims = () => ({
      iss: pool.issuer,
      client_id: pool.clientId,
      token_use: 'access',
      iat: Math.floor(Date.now() / 1000),
      exp: Math.floor(Date.now() / 1000) + 3600,
      origin_jti: randomUUID(),
    });

    it('of a user who came another way give them a profile at first sight, with the role of their group', async () => {
      const email = newEmail();
      const sub = await pool.adminCreates(email, 'admin');
      const client = app.client.as(pool.sign({ ...claims(), sub }));
      const both = await Promise.all([client.get('/v1/users'), client.get('/v1/auth/me')]);
      expect(both.map(({ status }) => status)).toEqual([200, 200]);
      expect(both[1]?.data).toMatchObject({ id: sub, email, role: 'admin', emailVerified: true });
    });

    it('of nobody in the pool, and of somebody whose address is not verified, are refused', async () => {
      const { data } = await register(newEmail());
      const me = (sub: string) => app.client.as(pool.sign({ ...claims(), sub })).get('/v1/auth/me');
      const [nobody, unverified] = [await me(randomUUID()), await me(data.userId)];
      expect([nobody.status, nobody.error.code]).toEqual([401, 'AUTH_UNAUTHORIZED']);
      expect([unverified.status, unverified.error.code]).toEqual([403, 'AUTH_NOT_ADMITTED']);
    });
  });
});

describe('A user pool that fails', () => {
  let pool: CognitoPool;
  let token: string;
  beforeAll(async () => {
    pool = await CognitoPool.start();
    await TestApp.with({ environment: pool.environment }, async (app) => {
      const email = 'ada@example.com';
      await app.client.post('/v1/auth/register', { email, password: PASSWORD, name: 'Ada' });
      await app.client.post('/v1/auth/confirm', confirmationOf(email, COGNITO_CODE));
      token = (await app.signIn(email)).accessToken;
    });
  });
  afterAll(() => pool.stop());

  it('that does not answer is a 503 within the deadline', () =>
    TestApp.with(
      { environment: { ...pool.environment, AWS_REQUEST_TIMEOUT_MS: '100', RESPONSE_DEADLINE_MS: '900' } },
      async (app) => {
        pool.hang('InitiateAuth');
        const began = performance.now();
        const answer = await app.client.post('/v1/auth/login', {
          email: 'ada@example.com',
          password: PASSWORD,
        });
        pool.heal();
        expect([answer.status, answer.headers['retry-after']]).toEqual([503, '2']);
        expect(performance.now() - began).toBeLessThan(20_000);
      },
    ));

  it('a registration that ended between the pool and the table can be made again at once', async () => {
    await TestApp.with({ environment: pool.environment }, async (app) => {
      const email = 'orphan@example.com';
      const again = () => app.client.post('/v1/auth/register', { email, password: PASSWORD, name: 'Ada' });
      // As if the function had died right after SignUp.
      await pool.callDirectly('SignUp', {
        ClientId: pool.clientId,
        Username: email,
        Password: PASSWORD,
        UserAttributes: [{ Name: 'email', Value: email }],
      });
      const orphan = (await pool.attributesOf(email))['sub'];
      const registered = await again();
      expect([registered.status, registered.data.userId === orphan]).toEqual([201, false]);
      await app.client.post('/v1/auth/confirm', confirmationOf(email, COGNITO_CODE));
      expect((await again()).error.code).toBe('AUTH_USER_EXISTS');
    });
  });

  it('a reset or a change of a password whose answer is lost signs out everywhere, and is not called a failure of the code', async () => {
    await TestApp.with({ environment: pool.environment }, async (app) => {
      const email = 'lost@example.com';
      await app.client.post('/v1/auth/register', { email, password: PASSWORD, name: 'Ada' });
      await app.client.post('/v1/auth/confirm', confirmationOf(email, COGNITO_CODE));
      const before = await app.signIn(email);
      await app.client.post('/v1/auth/forgot-password', { email });
      pool.lose('ConfirmForgotPassword', 'ExpiredCodeException');
      const reset = { email, code: COGNITO_CODE, newPassword: 'N3w-horse!' };
      const lost = await app.client.post('/v1/auth/reset-password', reset);
      expect([lost.status, lost.error.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
      expect((await before.client.get('/v1/auth/me')).status).toBe(401);
      const after = await app.signIn(email, 'N3w-horse!');
      const elsewhere = await app.signIn(email, 'N3w-horse!');
      pool.lose('ChangePassword', 'NotAuthorizedException');
      const change = { currentPassword: 'N3w-horse!', newPassword: PASSWORD };
      expect((await after.client.post('/v1/auth/change-password', change)).status).toBe(503);
      const { refreshToken } = after;
      expect((await app.client.post('/v1/auth/refresh', { refreshToken })).status).toBe(401);
      expect((await elsewhere.client.get('/v1/auth/me')).status).toBe(401);
      expect((await app.signIn(email)).userId).toBe(before.userId);
      // A refusal that says nothing of a first try is what it is, and signs nobody out.
      const here = await app.signIn(email);
      pool.lose('ConfirmForgotPassword', 'CodeMismatchException');
      expect(
        (await app.client.post('/v1/auth/reset-password', { ...reset, code: '999999' })).error.code,
      ).toBe('AUTH_CODE_INVALID');
      expect((await here.client.get('/v1/auth/me')).status).toBe(200);
    });
  });

  it('two registrations of one address at once leave one whole account, of which one can be confirmed', async () => {
    await TestApp.with({ environment: pool.environment }, async (app) => {
      const email = 'twice@example.com';
      const register = () => app.client.post('/v1/auth/register', { email, password: PASSWORD, name: 'Ada' });
      const registered = (await Promise.all([register(), register()])).filter(({ status }) => status === 201);
      expect(registered.length).toBeGreaterThan(0);
      const confirmed: string[] = [];
      for (const { data } of registered) {
        const { registrationToken, userId } = data as { registrationToken: string; userId: string };
        const body = { email, code: COGNITO_CODE, registrationToken };
        if ((await app.client.post('/v1/auth/confirm', body)).status === 200) confirmed.push(userId);
      }
      expect(confirmed).toHaveLength(1);
      expect((await app.signIn(email)).userId).toBe(confirmed[0]);
    });
  });

  it('its key set is fetched once in ten seconds, whatever keys are named', async () => {
    const clock = new TestClock();
    await TestApp.with({ environment: pool.environment, clock }, async (app) => {
      const before = pool.jwksRequests;
      const ask = (kid: string) => {
        const stranger = jwt.sign({ sub: 'x' }, pool.keys.privateKey, { algorithm: 'RS256', keyid: kid });
        return app.client.as(stranger).get('/v1/auth/me');
      };
      for (let batch = 0; batch < 100; batch += 1)
        await Promise.all(Array.from({ length: 100 }, () => ask(randomUUID())));
      expect(pool.jwksRequests - before).toBe(1);
      expect((await app.client.as(token).get('/v1/auth/me')).status).toBe(200);
      clock.forward({ seconds: 10 });
      await ask(randomUUID());
      expect(pool.jwksRequests - before).toBe(2);
    });
  });

  it('without a key set all is a 503, asked for once in ten seconds; later the last one stays good', async () => {
    const clock = new TestClock();
    await TestApp.with({ environment: pool.environment, clock }, async (app) => {
      const ask = async () => (await app.client.as(token).get('/v1/auth/me')).status;
      pool.jwksDown = true;
      const before = pool.jwksRequests;
      expect([await ask(), await ask()]).toEqual([503, 503]);
      expect(pool.jwksRequests - before).toBe(1);
      pool.jwksDown = false;
      clock.forward({ seconds: 10 });
      expect(await ask()).toBe(200);
      pool.jwksDown = true;
      clock.forward({ seconds: 1200 });
      expect(await ask()).toBe(200);
      pool.jwksDown = false;
    });
  });
});

describe('Where registration is by invitation', () => {
  let pool: CognitoPool;
  let app: TestApp;
  let owner: Person;
  let trigger: (event: object) => Promise<unknown>;
  const environment = () => ({
    ...pool.environment,
    REGISTRATION_MODE: 'invite',
    OWNER_EMAIL: 'owner@example.com',
  });

  beforeAll(async () => {
    pool = await CognitoPool.start({ trigger: (event) => trigger(event) });
    app = await TestApp.start({ environment: environment() });
    trigger = await preSignUp(app);
    await register('owner@example.com');
    await confirm('owner@example.com');
    owner = await app.signIn('owner@example.com');
  });
  afterAll(async () => {
    await app.stop();
    await pool.stop();
  });

  const register = (email: string, inviteCode?: string) =>
    app.client.post('/v1/auth/register', { email, password: PASSWORD, name: 'Ada', inviteCode });
  const confirm = (email: string) => app.client.post('/v1/auth/confirm', confirmationOf(email, COGNITO_CODE));
  const signUp = (email: string, ClientMetadata?: Record<string, string>) =>
    pool.callDirectly('SignUp', {
      ClientId: pool.clientId,
      Username: email,
      Password: PASSWORD,
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'name', Value: 'Eve' },
      ],
      ClientMetadata,
    });

  it('the owner’s address comes in, and owns', async () => {
    expect((await owner.client.get('/v1/auth/me')).data.role).toBe('owner');
    expect(await pool.groupsOf(owner.userId)).toEqual(['owner']);
  });

  it('an invitation lets one in, and the tokens carry copies that the client cannot write', async () => {
    const { code, id } = (await owner.client.post('/v1/invites', { role: 'admin', theme: 'Ops' })).data;
    const email = 'invited@example.com';
    expect((await register(email)).error.code).toBe('AUTH_INVITE_REQUIRED');
    expect((await register(email, code)).status).toBe(201);
    expect((await owner.client.get(`/v1/invites/${id}`)).data.status).toBe('accepted');
    await confirm(email);
    const invited = await app.signIn(email);
    expect((await invited.client.get('/v1/auth/me')).data).toMatchObject({ role: 'admin', theme: 'Ops' });
    expect(await pool.attributesOf(email)).toMatchObject({
      'custom:inviteCode': id,
      'custom:userRole': 'admin',
      'custom:theme': 'Ops',
    });
    expect(JSON.stringify(await pool.attributesOf(email))).not.toContain(code);
  });

  it('exactly one of two who race for the last use gets in, and the other is not left in the pool', async () => {
    const { code } = (await owner.client.post('/v1/invites', {})).data;
    const emails = ['race-1@example.com', 'race-2@example.com'];
    const both = await Promise.all(emails.map((email) => register(email, code)));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 403]);
    const refused = emails[both.findIndex(({ status }) => status === 403)] ?? '';
    expect(await pool.attributesOf(refused)).toEqual({});
  });

  it('the pool itself refuses strangers who call it past this API', async () => {
    for (const metadata of [
      undefined,
      { hearthAdmission: '' },
      { hearthAdmission: '9999999999.c2lnbmF0dXJl' },
      { hearthAdmission: 'nonsense' },
    ]) {
      const reply = await signUp('eve@example.com', metadata);
      expect(reply?.body).toMatchObject({ __type: 'UserLambdaValidationException' });
    }
    expect(await pool.attributesOf('eve@example.com')).toEqual({});
  });

  it('the owner’s address is refused in every mode unless this API sealed it, however it is written', async () => {
    const open = await preSignUp(app, 'open');
    const event = (email: string) => ({
      triggerSource: 'PreSignUp_SignUp',
      request: { userAttributes: { email } },
      response: {},
    });
    for (const email of ['owner@example.com', 'Owner@Example.com', 'ｏwner@example.com'])
      await expect(open(event(email))).rejects.toThrow('takes no sign-ups but its own');
    await expect(open(event('eve@example.com'))).resolves.toBeDefined();
    // Users of another provider are let into the pool, and are not admitted here before they accept an invitation.
    const invite = await preSignUp(app);
    const external = (email: string) => ({ ...event(email), triggerSource: 'PreSignUp_ExternalProvider' });
    await expect(invite(external('eve@example.com'))).resolves.toBeDefined();
    await expect(invite(external('owner@example.com'))).rejects.toThrow('takes no sign-ups');
    const made = { ...event('owner@example.com'), triggerSource: 'PreSignUp_AdminCreateUser' };
    await expect(open(made)).resolves.toBeDefined();
  });

  it('a seal counts for its own address, for five minutes', async () => {
    const keys = (app.running as SocketApp).app.get(ApplicationKeys, { strict: false });
    const now = Math.floor(Date.now() / 1000);
    const forAda = await sealSignUp(keys, 'ada@example.com', now);
    const old = await sealSignUp(keys, 'eve@example.com', now - 301);
    for (const seal of [forAda, old]) {
      const reply = await signUp('eve@example.com', { hearthAdmission: seal });
      expect(reply?.body).toMatchObject({ __type: 'UserLambdaValidationException' });
    }
    expect((await signUp('ada@example.com', { hearthAdmission: forAda }))?.status).toBe(200);
  });

  it('a good token of somebody who was not let in gives no profile, and no way in', async () => {
    const sub = await pool.adminCreates('uninvited@example.com', 'admin');
    const iat = Math.floor(Date.now() / 1000);
    const token = pool.sign({
      iss: pool.issuer,
      client_id: pool.clientId,
      token_use: 'access',
      sub,
      iat,
      exp: iat + 3600,
      'cognito:groups': ['owner'],
      'custom:userRole': 'owner',
      'custom:inviteCode': randomUUID(),
    });
    const answer = await app.client.as(token).get('/v1/auth/me');
    expect([answer.status, answer.error.code]).toEqual([403, 'AUTH_NOT_ADMITTED']);
    expect((await rowsOf(app)).filter(({ PK }) => PK === `USER#${sub}`)).toEqual([]);
  });
});

/** The trigger as the pool would call it, with the secrets of this deployment. */
async function preSignUp(
  { environment }: TestApp,
  mode = 'invite',
): Promise<(event: object) => Promise<unknown>> {
  const { handlerOf } = await import('../../src/triggers/pre-sign-up.js');
  const handle = handlerOf(loadConfig({ ...environment, REGISTRATION_MODE: mode }));
  return (event) => handle(event as never);
}
