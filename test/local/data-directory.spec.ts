import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { findByArguments } from '../../src/local/processes.js';
import { sharedDirectory } from '../support/environment.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { ACCOUNT, runCommand, Started } from '../support/started.js';

const fresh = () => mkdtemp(join(sharedDirectory, 'local-'));

/** What a server says that does not start: one line, and no stack. */
async function refusal(directory: string, environment?: Record<string, string>): Promise<string> {
  const started = await Started.begin(directory, environment);
  await once(started.child, 'close');
  expect(started.child.exitCode).toBe(1);
  expect(started.output).toHaveLength(1);
  return started.output.join('\n');
}

describe('The data directory', () => {
  afterEach(() => Started.endAll());

  it('is closed to other users, also when it was there before', async () => {
    const directory = await fresh();
    await chmod(directory, 0o755);
    const started = await Started.up(directory);
    await started.call('POST', '/v1/auth/register', { ...ACCOUNT, name: 'Ada' });
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(directory))
      expect([name, (await stat(join(directory, name))).mode & 0o077]).toEqual([name, 0]);
  });

  it('says in one line why it cannot be used', async () => {
    const file = join(await fresh(), 'file');
    await writeFile(file, '');
    expect(await refusal(file)).toMatch(/file is not a directory.*HEARTH_DATA_DIR/);
    expect(await refusal(join(file, 'below'))).toMatch(/is not a directory.*HEARTH_DATA_DIR/);
    expect(await refusal('/proc/hearth/data')).toMatch(/\/proc\/hearth cannot be made|may not use/);
    const odd = await fresh();
    await mkdir(join(odd, 'lock'));
    expect(await refusal(odd)).toMatch(/lock must be a file/);
  });

  it.each(['{}', '[]', '', 'null', '{"pid":"x"}'])('takes a lock that says %j for nobody’s', async (lock) => {
    const directory = await fresh();
    await writeFile(join(directory, 'lock'), lock);
    expect((await (await Started.up(directory)).call('GET', '/health')).status).toBe(200);
  });

  it.each([
    ['no SQLite', () => Buffer.from('this is no database, whatever its name is'.repeat(200))],
    [
      'zeros behind the header',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 16), Buffer.alloc(8000)]),
    ],
  ])('says which file is damaged, and what to do: %s', async (_, damaged) => {
    const first = await Started.up();
    await first.call('POST', '/v1/auth/register', { ...ACCOUNT, name: 'Ada' });
    await first.end('SIGTERM');
    const file = join(first.directory, 'dynamodb.sqlite');
    await writeFile(file, damaged(await readFile(file)));
    expect(await refusal(first.directory)).toMatch(/dynamodb\.sqlite is damaged\. Restore it from a backup/);
  });

  it.each([
    ['signing-keys', ''],
    ['signing-keys', '{"keys":'],
    ['application-keys', '{"keys":[]}'],
    ['api-secrets', '{'],
  ])('says at the start that %s.json cannot be used', async (name, content) => {
    const directory = await fresh();
    await mkdir(join(directory, 'secrets'));
    await writeFile(join(directory, 'secrets', `${name}.json`), content);
    expect(await refusal(directory)).toMatch(new RegExp(`${name}\\.json cannot be used: .*backup`));
  });

  it('has a key pair of its own for its S3, which no list of processes shows', async () => {
    const [one, other] = await Promise.all([Started.up(), Started.up()]);
    const pairOf = async ({ directory }: Started) =>
      readFile(join(directory, 'secrets', 'embedded-s3.json'), 'utf8');
    expect(await pairOf(one)).not.toBe(await pairOf(other));
    const { secretAccessKey } = JSON.parse(await pairOf(one)) as { secretAccessKey: string };
    expect(await findByArguments(secretAccessKey)).toEqual([]);
  });

  it('hides its database at a random address where the system has one', async () => {
    const started = await Started.up();
    const [pid = 0] = await started.databases();
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    const host = commandLine.split('\0')[commandLine.split('\0').indexOf('--host') + 1];
    expect(host).toMatch(/^127\.\d+\.\d+\.\d+$/);
    expect(host).not.toBe('127.0.0.1');
  });
});

describe('Credentials in the environment', () => {
  afterEach(() => Started.endAll());

  it('are used at an endpoint of one’s own, and a refusal is called one', async () => {
    const server = await ScriptedServer.start(() => ({
      status: 403,
      body: { __type: 'com.amazon.coral.service#UnrecognizedClientException', message: 'no' },
    }));
    const environment = {
      DYNAMODB_ENDPOINT: server.url,
      AWS_ACCESS_KEY_ID: 'AKHEARTH',
      AWS_SECRET_ACCESS_KEY: 'SECRETHEARTH123',
    };
    expect(await refusal(await fresh(), environment)).toMatch(/refused with 403; check the credentials/);
    expect(server.requests[0]?.headers['authorization']).toContain('Credential=AKHEARTH/');
    await server.stop();
  });

  it('that S3 refuses are named as what is wrong, and not that it does not answer', async () => {
    const server = await ScriptedServer.start(() => ({ status: 403, text: '' }));
    const started = await Started.up(undefined, {
      S3_ENDPOINT: server.url,
      AWS_ACCESS_KEY_ID: 'AKHEARTH',
      AWS_SECRET_ACCESS_KEY: 'SECRETHEARTH123',
    });
    const { status, body } = await started.call('GET', '/health/ready');
    expect([status, body.error.details]).toEqual([
      503,
      [{ field: 's3', code: 'refused', message: expect.stringContaining('refuses the request with 403') }],
    ]);
    expect(server.requests[0]?.headers['authorization']).toContain('Credential=AKHEARTH/');
    await server.stop();
  });
});

describe('npm run sweep', () => {
  afterEach(() => Started.endAll());

  const sweep = (directory: string, ...options: string[]) => runCommand('sweep', directory, ...options);

  it('runs while the server does not, and says what it did', async () => {
    const started = await Started.up();
    expect(await sweep(started.directory)).toEqual({
      code: 1,
      output: expect.stringContaining('is in use by'),
    });
    await started.end('SIGTERM');
    const done = await sweep(started.directory, '--confirm');
    expect(done).toEqual({ code: 0, output: expect.stringContaining('Removed: 0 uploads') });
    expect(await sweep(started.directory, '--force')).toEqual({
      code: 1,
      output: expect.stringContaining('--force is no option'),
    });
  });
});

describe('After an erasure', () => {
  afterEach(() => Started.endAll());

  const SECRET = 'Nine gauge strings of Ada';
  const LEAVING = 'leaving@example.com';
  const traces = async (directory: string): Promise<string[]> => {
    const found: string[] = [];
    for (const name of await readdir(directory, { recursive: true })) {
      const path = join(directory, name);
      // Some come and go meanwhile, and directories are no files.
      const bytes = await readFile(path).catch(() => undefined);
      if (!bytes) continue;
      if (bytes.includes(SECRET) || (name.endsWith('.eml') && bytes.includes(LEAVING))) found.push(name);
    }
    return found;
  };

  // The receipt alone keeps the address until the erasure has come to its end.
  it('neither the database nor the outbox keeps what who left has written', async () => {
    const started = await Started.up();
    const person = { email: LEAVING, password: ACCOUNT.password };
    await started.call('POST', '/v1/auth/register', { ...ACCOUNT, name: 'Ada' });
    await started.call('POST', '/v1/auth/register', { ...person, name: 'Leaving' });
    await started.call('POST', '/v1/auth/forgot-password', { email: person.email });
    const { body } = await started.call('POST', '/v1/auth/login', person);
    const token = body.data.accessToken as string;
    await started.call('POST', '/v1/memories', { content: SECRET }, token);
    expect((await traces(started.directory)).length).toBeGreaterThan(1);
    expect((await started.call('DELETE', '/v1/user', { password: person.password }, token)).status).toBe(202);
    while ((await traces(started.directory)).length > 0) await new Promise(setImmediate);
    expect(await started.signIn()).toBeDefined();
  });

  it('the database is rebuilt at the next start where nothing can compact it', async () => {
    const first = await Started.up();
    await first.call('POST', '/v1/auth/register', { ...ACCOUNT, name: 'Ada' });
    await first.addTask('Kept');
    const token = await first.signIn();
    // Several, since the rows of a later request may take the place of one.
    for (let memory = 0; memory < 10; memory += 1) {
      const content = SECRET + ' and more'.repeat(100);
      const { body } = await first.call('POST', '/v1/memories', { content }, token);
      await first.call('DELETE', `/v1/memories/${body.data.id}`, undefined, token);
    }
    await first.end('SIGTERM');
    expect(await traces(first.directory)).not.toEqual([]);
    await writeFile(join(first.directory, 'rebuild-database'), '');
    const second = await Started.up(first.directory);
    expect(await traces(second.directory)).toEqual([]);
    expect(await second.titles()).toEqual(['Kept']);
    expect(await readdir(second.directory)).not.toContain('rebuild-database');
  });
});
