import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { confirmationOf } from '../support/client.js';
import jwt from 'jsonwebtoken';
import { someAtOnce } from '../../src/platform/some-at-once.js';
import { COGNITO_CODE, CognitoPool } from '../support/cognito.js';
import { operations } from '../support/openapi.js';
import { PASSWORD, type Person, TestApp } from '../support/test-app.js';
import { claimsOf, forge, signingKey } from '../support/tokens.js';

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);

async function arrival(app: TestApp, pool: CognitoPool | undefined): Promise<Person> {
  if (!pool) return app.person();
  const email = 'ada@example.com';
  await app.client.post('/v1/auth/register', { email, password: PASSWORD, name: 'Ada' });
  await app.client.post('/v1/auth/confirm', confirmationOf(email, COGNITO_CODE));
  return app.signIn(email);
}

/** Every protected operation, with an id that leads to nothing. */
const protectedOperations = operations
  .filter(({ security }) => security?.length !== 0)
  .map(({ method, path }) => ({
    method,
    path: path.replace('{id}', '0198c0de-0000-7000-8000-000000000000'),
  }));

describe.each(['local', 'cognito'])('Hostile tokens (%s)', (provider) => {
  let app: TestApp;
  let pool: CognitoPool | undefined;
  let ada: Person;
  let variants: [string, string][];
  let clientId: string;
  let mine: (changes: Record<string, unknown>, head?: Record<string, unknown>) => Promise<string>;

  beforeAll(async () => {
    pool = provider === 'cognito' ? await CognitoPool.start() : undefined;
    app = await TestApp.start({ environment: { ...pool?.environment } });
    ada = await arrival(app, pool);
    clientId = pool?.clientId ?? 'hearth-web';
    const { kid, privateKey } = pool?.signingKey ?? (await signingKey(app));
    const claims = claimsOf(ada.accessToken);
    const idClaims = claimsOf(ada.idToken);
    const [header = '', payload = '', signature = ''] = ada.accessToken.split('.');
    const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const strangerPem = stranger.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const unsigned = (head: object, body: object = claims, sign = '') =>
      `${encode(head)}.${encode(body)}.${sign}`;
    const hmac = (secret: string) => {
      const text = `${encode({ alg: 'HS256', kid, typ: 'JWT' })}.${encode(claims)}`;
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    };
    const foreign = (head: object) =>
      jwt.sign(claims, strangerPem, {
        algorithm: 'RS256',
        header: { alg: 'RS256', ...head },
      });
    const forged = (token: string, changes: Record<string, unknown>, head = {}) =>
      forge({ kid, privateKey }, token, changes, head);
    mine = (changes, head) => forged(ada.accessToken, changes, head);
    const idMine = (changes: Record<string, unknown>) => forged(ada.idToken, changes);

    variants = [
      ['alg none', unsigned({ alg: 'none', kid })],
      ['alg None', unsigned({ alg: 'None', kid })],
      ['alg none with the old signature', unsigned({ alg: 'none', kid }, claims, signature)],
      ['no alg', unsigned({ kid }, claims, signature)],
      ['HS256 keyed with the public key', hmac(publicKey)],
      ['HS256 keyed with the public key, trimmed', hmac(publicKey.trim())],
      ['HS256 keyed with the kid', hmac(kid)],
      ['HS256 keyed with nothing', hmac('')],
      ['RS512 by the right key', jwt.sign(claims, privateKey, { algorithm: 'RS512', keyid: kid })],
      ['PS256 by the right key', jwt.sign(claims, privateKey, { algorithm: 'PS256', keyid: kid })],
      ['another key under the same kid', foreign({ kid })],
      ['another key under an unknown kid', foreign({ kid: 'unknown' })],
      ['another key without a kid', foreign({})],
      ['an embedded jwk', foreign({ kid, jwk: stranger.publicKey.export({ format: 'jwk' }) })],
      ['a jku', foreign({ kid: 'x', jku: 'http://127.0.0.1:1/jwks.json' })],
      ['an x5u', foreign({ kid: 'x', x5u: 'http://127.0.0.1:1/cert.pem' })],
      ['an x5c', foreign({ kid: 'x', x5c: ['MIIB'] })],
      ['a kid that climbs', foreign({ kid: '../../../../dev/null' })],
      ['a kid with SQL', foreign({ kid: "' UNION SELECT 'key" })],
      ['a kid that is an object', foreign({ kid: { $ne: null } })],
      ['a kid that is a list', foreign({ kid: [kid] })],
      ['a kid called __proto__', foreign({ kid: '__proto__' })],
      ['the right key without a kid', jwt.sign(claims, privateKey, { algorithm: 'RS256' })],
      ['crit', await mine({}, { crit: ['exp'] })],
      ['crit with an unknown extension', await mine({}, { crit: ['urn:x'], 'urn:x': true })],
      ['no exp', await mine({ exp: undefined })],
      ['exp as text', unsigned({ alg: 'RS256', kid }, { ...claims, exp: '9999999999' }, signature)],
      ['expired', await mine({ exp: now() - 1 })],
      ['nbf in the future', await mine({ nbf: now() + 3600 })],
      ['iat in the future', await mine({ iat: now() + 3600, exp: now() + 7200 })],
      ['no iat', await mine({ iat: undefined })],
      ['another issuer', await mine({ iss: 'https://issuer.example.com' })],
      ['the issuer with a slash', await mine({ iss: `${String(claims['iss'])}/` })],
      ['no issuer', await mine({ iss: undefined })],
      ['issuers as a list', await mine({ iss: [claims['iss']] })],
      ['another client', await mine({ client_id: 'other' })],
      ['no client', await mine({ client_id: undefined })],
      [
        'an access token with the client as audience only',
        await mine({ client_id: undefined, aud: clientId }),
      ],
      ['an id token of another audience', await idMine({ aud: 'other' })],
      ['an id token with audiences as a list', await idMine({ aud: [clientId, 'other'] })],
      ['an id token with a client only', await idMine({ aud: undefined, client_id: clientId })],
      ['token_use refresh', await mine({ token_use: 'refresh' })],
      ['no token_use', await mine({ token_use: undefined })],
      ['no sub', await mine({ sub: undefined })],
      [
        'sub as an object',
        await mine({ sub: { id: ada.userId } }).catch(() => unsigned({ alg: 'RS256', kid })),
      ],
      ['the sub of nobody', await mine({ sub: 'nobody' })],
      ['the refresh token', ada.refreshToken],
      ['another payload under the signature', `${header}.${encode({ ...claims, sub: 'x' })}.${signature}`],
      [
        'another header under the signature',
        `${encode({ alg: 'RS256', kid, x: 1 })}.${payload}.${signature}`,
      ],
      ['no signature', `${header}.${payload}.`],
      ['two parts', `${header}.${payload}`],
      ['four parts', `${ada.accessToken}.x`],
      ['a cut signature', ada.accessToken.slice(0, -10)],
      ['claims that are no JSON', `${header}.${Buffer.from('notjson').toString('base64url')}.${signature}`],
      ['claims that are a list', `${header}.${encode([1])}.${signature}`],
      ['claims that are null', `${header}.bnVsbA.${signature}`],
      ['nothing', ''],
      ['dots', '..'],
      ['no base64', '!!!.???.###'],
      [
        'more than 8 KB of token',
        `${header}.${encode({ ...claims, pad: 'x'.repeat(7000) })}.${'A'.repeat(900)}`,
      ],
      ['a JSON serialisation', encode({ payload, signatures: [{ protected: header, signature }] })],
    ];
    expect(idClaims['token_use']).toBe('id');
  });
  afterAll(async () => {
    await app.stop();
    await pool?.stop();
  });

  it('one that is forged with nothing changed is taken: what is refused below is refused for its change', async () => {
    expect((await app.client.as(await mine({})).get('/v1/auth/me')).status).toBe(200);
  });

  it('at least 40 kinds of them, none of which any protected route takes', async () => {
    let checks = 0;
    const accepted: string[] = [];
    for (const [name, token] of variants) {
      await someAtOnce(protectedOperations, 25, async ({ method, path }) => {
        const { status } = await app.client.request(method.toUpperCase(), path, {
          headers: { Authorization: `Bearer ${token}` },
        });
        checks += 1;
        if (status !== 401) accepted.push(`${name}: ${method} ${path} → ${status}`);
      });
    }
    expect(accepted).toEqual([]);
    expect(variants.length).toBeGreaterThanOrEqual(40);
    process.stdout.write(
      `hostile tokens (${provider}): ${variants.length} kinds, ${checks} checks, ${accepted.length} accepted\n`,
    );
  });

  it('the good token is taken by the same routes, so the refusals mean something', async () => {
    for (const token of [ada.accessToken, ada.idToken]) {
      for (const { method, path } of protectedOperations.filter(
        // What would end the session or the account.
        ({ method, path }) => !path.includes('logout') && !(method === 'delete' && path === '/v1/user'),
      )) {
        const { status, error } = await app.client.request(method.toUpperCase(), path, { token });
        expect([path, status === 401 && error.code]).toEqual([path, false]);
      }
    }
  });

  it.each([
    ['Basic', (token: string) => `Basic ${token}`],
    ['no scheme', (token: string) => token],
    ['two tokens', (token: string) => `Bearer ${token} ${token}`],
    ['a comma', (token: string) => `Bearer ${token}, Bearer ${token}`],
    ['two spaces', (token: string) => `Bearer  ${token}`],
  ])('a good token after %s is refused', async (_, headerOf) => {
    const { status } = await app.client.get('/v1/auth/me', {
      headers: { Authorization: headerOf(ada.accessToken) },
    });
    expect(status).toBe(401);
  });

  it('a good token elsewhere than in the header is not looked at', async () => {
    const { status } = await app.client.get(`/v1/auth/me?access_token=${ada.accessToken}`);
    expect(status).toBe(401);
  });
});
