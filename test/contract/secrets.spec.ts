import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/config.js';
import { ApiSecrets } from '../../src/platform/secrets/api-secrets.js';
import { ApplicationKeys } from '../../src/platform/secrets/application-keys.js';
import { FileSecrets } from '../../src/platform/secrets/file-secrets.js';
import { acceptedOf, signerOf } from '../../src/platform/secrets/key-ring.js';
import { KeyRotation } from '../../src/platform/secrets/key-rotation.js';
import { ManagedSecrets } from '../../src/platform/secrets/managed-secrets.js';
import { RotationSteps } from '../../src/platform/secrets/rotation-steps.js';
import { Secrets, type SecretStore } from '../../src/platform/secrets/secrets.js';
import { TestClock } from '../support/clock.js';
import { refusal, ScriptedServer, type ScriptedRequest } from '../support/scripted-server.js';
import { TestApp } from '../support/test-app.js';
import { headerOf } from '../support/tokens.js';

/** Secrets Manager, as far as versions and their stages go. */
class Vault {
  readonly versions = new Map<string, { id: string; value: string; stages: Set<string> }[]>();
  failing = false;

  answer = ({ operation, body }: ScriptedRequest) => {
    if (this.failing) return refusal('InternalServiceError', 'scripted', 500);
    const name = String(body.SecretId ?? body.Name);
    const known = this.versions.get(name);
    switch (operation) {
      case 'CreateSecret':
        if (known) return refusal('ResourceExistsException');
        this.versions.set(name, []);
        return this.put(name, body);
      case 'PutSecretValue':
        return known ? this.put(name, body) : refusal('ResourceNotFoundException');
      case 'GetSecretValue': {
        const stage = String(body.VersionStage ?? 'AWSCURRENT');
        const version = known?.find(
          ({ id, stages }) => stages.has(stage) && (body.VersionId === undefined || body.VersionId === id),
        );
        return version ? { body: { SecretString: version.value } } : refusal('ResourceNotFoundException');
      }
      case 'DescribeSecret':
        return {
          body: {
            VersionIdsToStages: Object.fromEntries((known ?? []).map(({ id, stages }) => [id, [...stages]])),
          },
        };
      case 'UpdateSecretVersionStage': {
        for (const { id, stages } of known ?? []) {
          if (id === body.RemoveFromVersionId) stages.delete(body.VersionStage);
          if (id === body.MoveToVersionId) stages.add(body.VersionStage);
        }
        return {};
      }
      default:
        return refusal('InvalidAction', operation);
    }
  };

  private put(
    name: string,
    body: { ClientRequestToken: string; SecretString: string; VersionStages?: string[] },
  ) {
    const versions = this.versions.get(name) ?? [];
    if (versions.some(({ id }) => id === body.ClientRequestToken)) return refusal('ResourceExistsException');
    const stages = new Set(body.VersionStages ?? ['AWSCURRENT']);
    for (const version of versions) for (const stage of stages) version.stages.delete(stage);
    versions.push({ id: body.ClientRequestToken, value: body.SecretString, stages });
    return {};
  }
}

describe.each(['a laptop’s files', 'Secrets Manager'])('Secrets in %s', (where) => {
  const clock = new TestClock();
  const vault = new Vault();
  let server: ScriptedServer;
  let store: SecretStore;
  beforeEach(async () => {
    vault.versions.clear();
    vault.failing = false;
    server = await ScriptedServer.start(vault.answer);
    const config = loadConfig({
      HEARTH_DATA_DIR: await mkdtemp(join(tmpdir(), 'hearth-secrets-')),
      SECRETS_MANAGER_ENDPOINT: server.url,
    });
    store = where === 'Secrets Manager' ? new ManagedSecrets(config) : new FileSecrets(config);
  });
  afterEach(() => server.stop());

  it('are made once, when two ask for one at the same moment', async () => {
    const [one, other] = [new Secrets(store, clock), new Secrets(store, clock)];
    const values = await Promise.all([
      one.read('application-keys', async () => 'first'),
      other.read('application-keys', async () => 'second'),
    ]);
    expect(values[0]).toBe(values[1]);
    expect(await new Secrets(store, clock).read('application-keys', async () => 'third')).toBe(values[0]);
  });

  it('are remembered for five minutes, after which a rotation is seen', async () => {
    const [reader, writer] = [new Secrets(store, clock), new Secrets(store, clock)];
    const read = () => reader.read('application-keys', async () => 'old');
    expect(await read()).toBe('old');
    await writer.update('application-keys', async (standing) => `${String(standing)} and new`);
    expect(await read()).toBe('old');
    clock.forward({ seconds: 301 });
    expect(await read()).toBe('old and new');
  });

  it('third-party keys that are missing are missing, and turn their features off', async () => {
    const secrets = new Secrets(store, clock);
    expect(await new ApiSecrets(secrets).read()).toEqual({});
    await secrets.update('api-secrets', async () => ({ openRouterApiKey: 'key' }));
    expect((await new ApiSecrets(secrets).read()).openRouterApiKey).toBe('key');
  });
});

describe('While Secrets Manager fails', () => {
  it('what is remembered stays good; without that it is an outage', async () => {
    const vault = new Vault();
    const server = await ScriptedServer.start(vault.answer);
    const clock = new TestClock();
    const store = new ManagedSecrets(loadConfig({ SECRETS_MANAGER_ENDPOINT: server.url }));
    const secrets = new Secrets(store, clock);
    await secrets.read('application-keys', async () => 'kept');
    vault.failing = true;
    clock.forward({ seconds: 301 });
    const requests = server.requests.length;
    expect(await secrets.read('application-keys', async () => 'other')).toBe('kept');
    const tries = server.requests.length - requests;
    expect(await secrets.read('application-keys', async () => 'other')).toBe('kept');
    // Nobody waits for a store that has just failed.
    expect(server.requests.length - requests).toBe(tries);
    await expect(new Secrets(store, clock).read('application-keys', async () => 'x')).rejects.toMatchObject({
      name: 'ServiceUnavailable',
    });
    await server.stop();
  });
});

describe('Key rings', () => {
  it('sign with the newest key that everybody knows, and accept a key for the life of what it signed', () => {
    const keys = [{ createdAt: 2000 }, { createdAt: 1000 }, { createdAt: 0 }];
    const signer = (now: number) => signerOf({ keys }, now).createdAt;
    expect([signer(2000), signer(2599), signer(2600)]).toEqual([1000, 1000, 2000]);
    expect(signerOf({ keys: [{ createdAt: 50 }] }, 0).createdAt).toBe(50);
    const accepted = (now: number) => acceptedOf({ keys }, now, 3600).map(({ createdAt }) => createdAt);
    expect(accepted(5199)).toEqual([2000, 1000, 0]);
    expect(accepted(5200)).toEqual([2000, 1000]);
    expect(accepted(6200)).toEqual([2000]);
  });
});

describe('Rotating the keys', () => {
  it('nobody notices: tokens, refresh tokens and cursors of the key before stay good for their life', async () => {
    const clock = new TestClock();
    await TestApp.with({ clock }, async (app) => {
      const other = await app.another({}, clock);
      const ada = await app.person();
      for (const title of ['One', 'Two'])
        await ada.client.post('/v1/quests', { type: 'task', title, dueDate: '2030-01-01' });
      const page = await ada.client.get('/v1/quests?type=task&limit=1');
      const kid = (token: string) => headerOf(token)['kid'];

      const config = loadConfig(app.environment);
      const rotation = new KeyRotation(new Secrets(new FileSecrets(config), clock), clock);
      await rotation.rotate('signing-keys');
      await rotation.rotate('application-keys');

      const kids = new Set([kid(ada.accessToken)]);
      // Every few minutes each of two processes signs what the other one must take.
      for (let minutes = 0; minutes <= 55; minutes += 5) {
        for (const [maker, taker] of [
          [app, other],
          [other, app],
        ] as const) {
          const person = await maker.signIn(ada.email);
          kids.add(kid(person.accessToken));
          expect((await taker.client.as(person.accessToken).get('/v1/auth/me')).status).toBe(200);
          const { refreshToken } = person;
          expect((await taker.client.post('/v1/auth/refresh', { refreshToken })).status).toBe(200);
          expect((await taker.client.as(ada.accessToken).get('/v1/auth/me')).status).toBe(200);
          const next = `/v1/quests?type=task&limit=1&cursor=${page.body.meta.nextCursor}`;
          expect((await taker.client.as(ada.accessToken).get(next)).status).toBe(200);
        }
        clock.forward({ seconds: 299 });
      }
      expect(kids.size).toBe(2);
      clock.forward({ seconds: 2 * 3600 });
      expect((await app.client.get('/.well-known/jwks.json')).body.keys).toHaveLength(1);
    });
  }, 60_000);

  it('is a command', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hearth-rotate-'));
    const run = (...names: string[]) =>
      execFileSync('node', ['dist/local/rotate-keys.js', ...names], {
        env: { PATH: process.env['PATH'], HEARTH_DATA_DIR: directory },
        encoding: 'utf8',
      });
    const keys = async (name: string) =>
      (JSON.parse(await readFile(join(directory, 'secrets', `${name}.json`), 'utf8')) as { keys: unknown[] })
        .keys;
    expect(run('signing-keys')).toMatch(/^signing-keys: a new key is published/);
    run();
    expect([(await keys('signing-keys')).length, (await keys('application-keys')).length]).toEqual([2, 1]);
    expect(() => run('other-keys')).toThrow(/other-keys/);
  });

  it('is a function that Secrets Manager calls in four steps, each of which may come again', async () => {
    const vault = new Vault();
    const server = await ScriptedServer.start(vault.answer);
    const clock = new TestClock();
    const config = loadConfig({ SECRETS_MANAGER_ENDPOINT: server.url });
    const store = new ManagedSecrets(config);
    const keys = new ApplicationKeys(new Secrets(store, clock), clock);
    const signature = await keys.sign('test', 'message');
    await store.create('signing-keys', { keys: [] });
    for (const name of ['signing-keys', 'application-keys']) {
      const SecretId = `hearth/development/${name}`;
      const steps = new RotationSteps(config, clock);
      for (const Step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
        await steps.run({ SecretId, ClientRequestToken: 'next', Step });
        await steps.run({ SecretId, ClientRequestToken: 'next', Step });
      }
      const versions = vault.versions.get(SecretId) ?? [];
      expect(versions.find(({ stages }) => stages.has('AWSCURRENT'))?.id).toBe('next');
    }
    clock.forward({ seconds: 3600 });
    const fresh = new ApplicationKeys(new Secrets(store, clock), clock);
    expect(await fresh.verify('test', 'message', signature)).toBe(true);
    expect((await fresh.sign('test', 'message')).equals(signature)).toBe(false);
    await expect(
      new RotationSteps(config, clock).run({
        SecretId: 'other',
        ClientRequestToken: 'x',
        Step: 'createSecret',
      }),
    ).rejects.toThrow(/no secret that is rotated here/);
    await server.stop();
  });
});
