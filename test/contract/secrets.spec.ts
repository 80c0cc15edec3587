import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Config, loadConfig } from '../../src/config/config.js';
import { ApiSecrets } from '../../src/platform/secrets/api-secrets.js';
import { ApplicationKeys } from '../../src/platform/secrets/application-keys.js';
import { FileSecrets } from '../../src/platform/secrets/file-secrets.js';
import { acceptedOf, type DatedKey, type KeyRing, signerOf } from '../../src/platform/secrets/key-ring.js';
import { KeyRotation, rotated, type RotatedSecret } from '../../src/platform/secrets/key-rotation.js';
import { ManagedSecrets } from '../../src/platform/secrets/managed-secrets.js';
import { RotationSteps } from '../../src/platform/secrets/rotation-steps.js';
import { type SecretName, Secrets, type SecretStore } from '../../src/platform/secrets/secrets.js';
import { actingAs } from '../support/aws-calls.js';
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
    const name = String(body.SecretId);
    const known = this.versions.get(name);
    switch (operation) {
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

  /** As the template makes it: without a value. */
  make(name: string): void {
    this.versions.set(name, []);
  }

  /** As somebody with the rights does it by hand. */
  write(name: string, value: unknown): void {
    this.put(name, { ClientRequestToken: randomUUID(), SecretString: JSON.stringify(value) });
  }

  private put(
    name: string,
    body: { ClientRequestToken: string; SecretString: string; VersionStages?: string[] },
  ) {
    const versions = this.versions.get(name) ?? [];
    if (versions.some(({ id }) => id === body.ClientRequestToken)) return refusal('ResourceExistsException');
    const stages = new Set(body.VersionStages ?? ['AWSCURRENT']);
    for (const version of versions) for (const stage of stages) version.stages.delete(stage);
    versions.push({ id: body.ClientRequestToken, value: body.SecretString, stages });
    this.versions.set(name, versions);
    return {};
  }
}

/** What stands is put there past the API: by a rotation, or by hand. */
type Put = (name: SecretName, value: unknown) => Promise<void>;

describe.each(['a laptop’s files', 'Secrets Manager'])('Secrets in %s', (where) => {
  const clock = new TestClock();
  let vault: Vault;
  let server: ScriptedServer;
  let store: SecretStore;
  let put: Put;
  beforeEach(async () => {
    vault = new Vault();
    server = await ScriptedServer.start(vault.answer);
    const config = loadConfig({
      HEARTH_DATA_DIR: await mkdtemp(join(tmpdir(), 'hearth-secrets-')),
      SECRETS_MANAGER_ENDPOINT: server.url,
    });
    const files = new FileSecrets(config);
    store = where === 'Secrets Manager' ? new ManagedSecrets(config) : files;
    put =
      where === 'Secrets Manager'
        ? async (name, value) => vault.write(`hearth/development/${name}`, value)
        : (name, value) => files.replace(name, value);
  });
  afterEach(() => server.stop());

  it('are remembered for five minutes, after which a rotation is seen', async () => {
    await put('application-keys', 'old');
    const reader = new Secrets(store, clock);
    const read = () => reader.read('application-keys', async () => 'other');
    expect(await read()).toBe('old');
    await put('application-keys', 'new');
    expect(await read()).toBe('old');
    clock.forward({ seconds: 301 });
    expect(await read()).toBe('new');
  });

  it('third-party keys that are missing are missing, and turn their features off', async () => {
    await put('api-secrets', {});
    expect(await new ApiSecrets(new Secrets(store, clock)).read()).toEqual({});
    await put('api-secrets', { openRouterApiKey: 'key' });
    expect((await new ApiSecrets(new Secrets(store, clock)).read()).openRouterApiKey).toBe('key');
  });
});

describe('A secret that has no value yet', () => {
  it('is made once on a laptop, when two ask for it at the same moment', async () => {
    const clock = new TestClock();
    const store = new FileSecrets(
      loadConfig({ HEARTH_DATA_DIR: await mkdtemp(join(tmpdir(), 'hearth-secrets-')) }),
    );
    const [one, other] = [new Secrets(store, clock), new Secrets(store, clock)];
    const values = await Promise.all([
      one.read('application-keys', async () => 'first'),
      other.read('application-keys', async () => 'second'),
    ]);
    expect(values[0]).toBe(values[1]);
    expect(await new Secrets(store, clock).read('application-keys', async () => 'third')).toBe(values[0]);
  });

  it('is an outage on AWS until its first rotation, and nothing but the rotation ever writes it', async () => {
    const vault = new Vault();
    const server = await ScriptedServer.start(vault.answer);
    const clock = new TestClock();
    const config = loadConfig({ SECRETS_MANAGER_ENDPOINT: server.url });
    // As the template makes it.
    vault.write('hearth/development/application-keys', { keys: [], made: 'of nothing' });
    const read = () =>
      new Secrets(new ManagedSecrets(config), clock).read<KeyRing<DatedKey>>(
        'application-keys',
        async () => ({
          keys: [],
        }),
      );
    await expect(read()).rejects.toMatchObject({ name: 'ServiceUnavailable' });
    expect(new Set(server.requests.map(({ operation }) => operation))).toEqual(new Set(['GetSecretValue']));
    await rotate(config, clock, 'application-keys');
    expect((await read()).keys).toHaveLength(1);
    await server.stop();
  });
});

describe('While Secrets Manager fails', () => {
  it('what is remembered stays good; without that it is an outage', async () => {
    const vault = new Vault();
    const server = await ScriptedServer.start(vault.answer);
    const clock = new TestClock();
    const store = new ManagedSecrets(loadConfig({ SECRETS_MANAGER_ENDPOINT: server.url }));
    const secrets = new Secrets(store, clock);
    vault.write('hearth/development/application-keys', 'kept');
    await secrets.read('application-keys', async () => 'other');
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

describe('A rotation that took too long', () => {
  it('is given up, so that another one can begin', async () => {
    const vault = new Vault();
    const server = await ScriptedServer.start(vault.answer);
    const clock = new TestClock();
    const config = loadConfig({ SECRETS_MANAGER_ENDPOINT: server.url });
    const SecretId = 'hearth/development/application-keys';
    vault.write(SecretId, { keys: [] });
    const step = (ClientRequestToken: string, Step: 'createSecret' | 'testSecret' | 'finishSecret') =>
      actingAs('rotateKeys', () =>
        new RotationSteps(config, clock).run({ SecretId, ClientRequestToken, Step }),
      );
    await step('late', 'createSecret');
    clock.forward({ seconds: 121 });
    await expect(step('late', 'testSecret')).rejects.toThrow(/took too long/);
    const pending = vault.versions.get(SecretId)?.filter(({ stages }) => stages.has('AWSPENDING'));
    expect(pending).toEqual([]);
    for (const each of ['createSecret', 'testSecret', 'finishSecret'] as const) await step('again', each);
    expect(vault.versions.get(SecretId)?.find(({ stages }) => stages.has('AWSCURRENT'))?.id).toBe('again');
    await server.stop();
  });
});

/** As Secrets Manager does it, calling every step twice. */
async function rotate(config: Config, clock: TestClock, name: RotatedSecret): Promise<void> {
  const steps = new RotationSteps(config, clock);
  const SecretId = `hearth/development/${name}`;
  for (const Step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
    const run = () => actingAs('rotateKeys', () => steps.run({ SecretId, ClientRequestToken: 'next', Step }));
    await run();
    await run();
  }
}

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
      const rotation = new KeyRotation(new FileSecrets(config), clock);
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
  });

  it('is a command', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hearth-rotate-'));
    const runWith = (more: object, ...names: string[]) =>
      execFileSync('node', ['dist/local/rotate-keys.js', ...names], {
        env: { PATH: process.env['PATH'], HEARTH_DATA_DIR: directory, ...more },
        encoding: 'utf8',
      });
    const run = (...names: string[]) => runWith({}, ...names);
    const keys = async (name: string) =>
      (JSON.parse(await readFile(join(directory, 'secrets', `${name}.json`), 'utf8')) as { keys: unknown[] })
        .keys;
    expect(run('signing-keys')).toMatch(/^signing-keys: a new key is published/);
    run();
    expect([(await keys('signing-keys')).length, (await keys('application-keys')).length]).toEqual([2, 1]);
    expect(() => run('other-keys')).toThrow(/other-keys/);
    expect(() => runWith({ SECRETS_PROVIDER: 'secrets-manager' })).toThrow(
      /aws secretsmanager rotate-secret/,
    );
  });

  it('is a function that Secrets Manager calls in four steps, each of which may come again', async () => {
    const vault = new Vault();
    const server = await ScriptedServer.start(vault.answer);
    const clock = new TestClock();
    const config = loadConfig({ SECRETS_MANAGER_ENDPOINT: server.url });
    const store = new ManagedSecrets(config);
    const first = await rotated('application-keys', undefined, clock.seconds());
    vault.write('hearth/development/application-keys', first);
    vault.make('hearth/development/signing-keys');
    const keys = new ApplicationKeys(new Secrets(store, clock), clock);
    const signature = await keys.sign('test', 'message');
    for (const name of ['signing-keys', 'application-keys'] as const) {
      const SecretId = `hearth/development/${name}`;
      await rotate(config, clock, name);
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
