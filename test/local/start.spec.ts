import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ModelServer, saying } from '../support/model-server.js';
import { ACCOUNT, Started } from '../support/started.js';

/** A port that nobody has, and who holds the one above it. Below those that systems hand out, so that nobody is faster. */
async function belowATakenPort(): Promise<{ port: number; holder: Server }> {
  const listens = async (port: number): Promise<Server | undefined> => {
    const server = createServer().listen(port, '127.0.0.1');
    const listening = once(server, 'listening').then(() => server);
    return Promise.race([listening, once(server, 'error').then(() => undefined)]);
  };
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const holder = await listens(port + 1);
    const own = await listens(port);
    own?.close();
    if (holder && own) return { port, holder };
    holder?.close();
  }
}

describe('npm start', () => {
  afterEach(() => Started.endAll());

  it('has everything embedded, and keeps the data over Ctrl-C', async () => {
    const first = await Started.up();
    expect((await first.call('GET', '/health')).status).toBe(200);
    expect(first.output.join('\n')).toContain(`${first.url}/docs`);
    await first.call('POST', '/v1/auth/register', { ...ACCOUNT, name: 'Ada' });
    await first.addTask('Kept');
    expect(await first.databases()).toHaveLength(1);
    expect(await first.end('SIGINT')).toBe(0);
    expect(await first.databases()).toEqual([]);
    const second = await Started.up(first.directory);
    expect(await second.titles()).toEqual(['Kept']);
  });

  it('keeps every acknowledged write when both processes are killed', async () => {
    const first = await Started.up();
    await first.call('POST', '/v1/auth/register', { ...ACCOUNT, name: 'Ada' });
    await first.addTask('One');
    await first.addTask('Two');
    const [database = 0] = await first.databases();
    await first.end('SIGKILL');
    process.kill(database, 'SIGKILL');
    const second = await Started.up(first.directory);
    expect((await second.titles()).sort()).toEqual(['One', 'Two']);
  });

  it('finds and ends the database that a killed run has left', async () => {
    const first = await Started.up();
    await first.call('POST', '/v1/auth/register', { ...ACCOUNT, name: 'Ada' });
    await first.addTask('Kept');
    const [orphan] = await first.databases();
    await first.end('SIGKILL');
    expect(await first.databases()).toEqual([orphan]);
    const second = await Started.up(first.directory);
    expect(await second.titles()).toEqual(['Kept']);
    const databases = await second.databases();
    expect(databases).toHaveLength(1);
    expect(databases).not.toContain(orphan);
  });

  it('lets no second process write into a directory', async () => {
    const first = await Started.up();
    const second = await Started.begin(first.directory);
    await once(second.child, 'close');
    expect(second.child.exitCode).toBe(1);
    expect(second.output.join('\n')).toMatch(/is in use by the process \d+.*HEARTH_DATA_DIR/);
    expect((await first.call('GET', '/health/ready')).status).toBe(200);
  });

  it('runs side by side with another in another directory', async () => {
    const [one, other] = await Promise.all([Started.up(), Started.up()]);
    await one.call('POST', '/v1/auth/register', { ...ACCOUNT, name: 'Ada' });
    expect((await other.call('POST', '/v1/auth/login', ACCOUNT)).status).toBe(401);
  });

  it('says so when the port is in use, and leaves nothing behind', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const started = await Started.begin(undefined, { PORT: String(port) });
    await once(started.child, 'close');
    server.close();
    expect(started.output.join('\n')).toContain(`Port ${port} is in use. Set PORT to another one.`);
    expect(await started.databases()).toEqual([]);
  });

  it('takes another port for its S3 when somebody has the one above its own', async () => {
    const { port, holder } = await belowATakenPort();
    const started = await Started.up(undefined, { PORT: String(port) });
    expect((await started.call('GET', '/health/ready')).body.data.dependencies.s3).toBe('up');
    expect(started.output.join('\n')).toContain(`somebody has port ${port + 1}`);
    holder.close();
  });

  it('names every fault of its configuration', async () => {
    const started = await Started.begin(undefined, { PORT: 'x', AWS_REGION: 'y' });
    await once(started.child, 'close');
    expect(started.output.filter((line) => line.startsWith('  - '))).toHaveLength(4);
    expect(started.output.join('\n')).toMatch(/PORT(.|\n)*AWS_REGION/);
  });

  it('stops when its database ends by itself', async () => {
    const started = await Started.up();
    const [database = 0] = await started.databases();
    process.kill(database, 'SIGKILL');
    await once(started.child, 'close');
    expect(started.child.exitCode).toBe(1);
    expect(started.output.join('\n')).toContain('The embedded database has ended by itself');
  });

  it('finishes what is in flight before it stops', async () => {
    const started = await Started.up();
    const registering = started.call('POST', '/v1/auth/register', { ...ACCOUNT, name: 'Ada' });
    // By the time that this later request is answered, the first one is being worked on.
    await started.call('GET', '/health');
    const code = started.end('SIGTERM');
    expect((await registering).status).toBe(201);
    expect(await code).toBe(0);
  });

  it('finishes what may take longer than other requests', async () => {
    const model = await ModelServer.start();
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      model.script = async () => {
        resolve();
        await new Promise<void>((ready) => {
          answer = ready;
        });
        return saying('Late.');
      };
    });
    const started = await Started.up(undefined, { ...model.environment, RESPONSE_DEADLINE_MS: '1000' });
    await started.call('POST', '/v1/auth/register', { ...ACCOUNT, name: 'Ada' });
    const token = await started.signIn();
    const message = started.call('POST', '/v1/chat/messages', { message: 'Hello' }, token);
    await asked;
    const code = started.end('SIGTERM');
    // Past the time that other requests have.
    await pause(2000);
    answer();
    expect((await message).status).toBe(201);
    expect(await code).toBe(0);
    await model.stop();
  });

  it('does not wait for ever for a connection that says nothing', async () => {
    const started = await Started.up(undefined, { RESPONSE_DEADLINE_MS: '300' });
    const silent = connect(Number(new URL(started.url ?? '').port), '127.0.0.1');
    await once(silent, 'connect');
    silent.on('error', () => undefined);
    expect(await started.end('SIGTERM')).toBe(0);
    silent.destroy();
  });

  it('leaves no database behind when it is stopped while it starts', async () => {
    const started = await Started.begin();
    while ((await started.databases()).length === 0) await new Promise(setImmediate);
    await started.end('SIGINT');
    expect(await started.databases()).toEqual([]);
  });

  it('leaves a line of a request whose client went away, and no error of ours', async () => {
    const started = await Started.up();
    const { port } = new URL(started.url ?? '');
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      'POST /v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"email"',
    );
    await started.call('GET', '/health');
    socket.destroy();
    while (
      !started.output.some((line) => line.includes('/v1/auth/login') || line.includes('"aborted":true'))
    ) {
      await once(started.child.stdout as NodeJS.ReadableStream, 'data');
    }
    expect(started.output.some((line) => line.includes('INTERNAL_ERROR'))).toBe(false);
  });

  it('answers what is no HTTP with the envelope', async () => {
    const started = await Started.up();
    const { port } = new URL(started.url ?? '');
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('NONSENSE\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.toString()).toContain('"code":"BAD_REQUEST"');
  });

  it('keeps its secrets and mails from other users of the machine', async () => {
    const started = await Started.up();
    await started.call('POST', '/v1/auth/register', { ...ACCOUNT, name: 'Ada' });
    await started.signIn();
    const { mode } = await stat(join(started.directory, 'secrets', 'signing-keys.json'));
    expect(mode & 0o077).toBe(0);
    expect(
      JSON.parse(await readFile(join(started.directory, 'secrets', 'signing-keys.json'), 'utf8')).keys,
    ).toHaveLength(1);
  });
});
