import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { watchConnections } from '../../src/local/connections.js';
import { ACCOUNT, Started } from '../support/started.js';

interface RawAnswer {
  readonly status: number;
  readonly headers: string;
  readonly code: string | undefined;
}

/** What a server says on one connection until it closes it. */
async function exchange(port: number, sent: string): Promise<RawAnswer[]> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.write(sent);
  await once(socket, 'close');
  return Buffer.concat(chunks)
    .toString()
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .map((text) => ({
      status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]),
      headers: text.split('\r\n\r\n')[0] ?? '',
      code: /"code":"(\w+)"/.exec(text)?.[1],
    }));
}

describe('A connection', () => {
  let started: Started;
  let port: number;
  let token: string;
  beforeAll(async () => {
    started = await Started.up();
    port = Number(new URL(started.url ?? '').port);
    await started.call('POST', '/v1/auth/register', { ...ACCOUNT, name: 'Ada' });
    token = await started.signIn();
  });
  afterAll(() => Started.endAll());

  const HOST = 'Host: localhost\r\n';
  const CLOSE = 'Connection: close\r\n\r\n';

  it.each([
    ['no Host', `GET /health HTTP/1.1\r\n${CLOSE}`, 400, 'BAD_REQUEST'],
    ['two Hosts', `GET /health HTTP/1.1\r\n${HOST}${HOST}${CLOSE}`, 400, 'BAD_REQUEST'],
    ['a Host that names none', `GET /health HTTP/1.1\r\nHost: a b\r\n${CLOSE}`, 400, 'BAD_REQUEST'],
    ['another Host', `GET /health HTTP/1.1\r\nHost: evil.example\r\n${CLOSE}`, 421, 'MISDIRECTED_REQUEST'],
    [
      'another expectation',
      `GET /health HTTP/1.1\r\n${HOST}Expect: foo\r\n${CLOSE}`,
      417,
      'EXPECTATION_FAILED',
    ],
    ['an address of 20 KB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${HOST}${CLOSE}`, 414, 'URI_TOO_LONG'],
    [
      'headers of 20 KB',
      `GET / HTTP/1.1\r\n${HOST}X-A: ${'a'.repeat(20_000)}\r\n${CLOSE}`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['CONNECT', `CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n`, 405, 'METHOD_NOT_ALLOWED'],
    ['what is no HTTP', 'NONSENSE\r\n\r\n', 400, 'BAD_REQUEST'],
  ])('with %s is answered in the envelope, with a request id', async (_, sent, status, code) => {
    const answers = await exchange(port, sent);
    expect(answers.map((answer) => [answer.status, answer.code])).toEqual([[status, code]]);
    expect(answers[0]?.headers).toMatch(/\r\nX-Request-Id: [0-9a-f-]{36}/);
  });

  it.each(['localhost', 'LOCALHOST:1', '127.0.0.1', '[::1]:3000', '192.168.1.7', 'localhost.'])(
    'by the name %s is taken',
    async (name) => {
      const [answer] = await exchange(port, `GET /health HTTP/1.1\r\nHost: ${name}\r\n${CLOSE}`);
      expect(answer?.status).toBe(200);
    },
  );

  const memory = JSON.stringify({ content: 'Nine gauge' });
  const post = (body: string, more = '') =>
    `POST /v1/memories HTTP/1.1\r\n${HOST}Authorization: Bearer ${token}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`;

  it('answers a request before it refuses the garbage behind it', async () => {
    const answers = await exchange(port, `${post(memory)}\x00\x01 garbage\r\n\r\n`);
    expect(answers.map(({ status }) => status)).toEqual([201, 400]);
  });

  it('asks for a body only when it is wanted', async () => {
    const expecting = 'Expect: 100-continue\r\n';
    const taken = await exchange(port, post(memory, `${expecting}Connection: close\r\n`));
    expect(taken.map(({ status }) => status)).toEqual([100, 201]);
    const large = `POST /v1/memories HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 99999999\r\n${expecting}`;
    const stranger = await exchange(port, `${large}\r\n`);
    expect(stranger.map(({ status }) => status)).toEqual([401]);
    const known = await exchange(port, `${large}Authorization: Bearer ${token}\r\n\r\n`);
    expect(known.map(({ status, code }) => [status, code])).toEqual([[413, 'PAYLOAD_TOO_LARGE']]);
  });

  it('is not reset while the client still sends what nobody wants', async () => {
    const body = 'x'.repeat(3 * 1024 * 1024);
    for (const [path, status] of [
      ['/v1/memories', 401],
      ['/v1/auth/login', 413],
    ] as const) {
      const sent = `POST ${path} HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n${CLOSE}${body}`;
      expect((await exchange(port, sent)).map((answer) => answer.status)).toEqual([status]);
    }
  });

  const REFUSED = ['CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n', 'NONSENSE\r\n\r\n'];

  it.each(REFUSED)(
    'is closed after a refusal, also when the client keeps its side open: %j',
    async (sent) => {
      const held = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      held.on('error', () => undefined).resume();
      const closed = new Promise((resolve) => {
        held.once('close', resolve);
      });
      held.write(sent);
      await once(held, 'end');
      // Whoever writes to a connection that is gone is told so.
      const writing = setInterval(() => held.write('x'), 50);
      await closed;
      clearInterval(writing);
    },
  );

  it.each(REFUSED)('that is reset hurts nobody: %j', async (sent) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(sent, () => socket.resetAndDestroy());
    await once(socket, 'close');
    expect((await started.call('GET', '/health')).status).toBe(200);
  });

  it('that never says anything is closed', async () => {
    const server = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    watchConnections(server, { firstByteMs: 50 });
    const silent = connect((server.address() as AddressInfo).port, '127.0.0.1');
    silent.resume();
    await once(silent, 'close');
    expect(silent.bytesRead).toBe(0);
    server.close();
  });

  it('to a proxy that is not trusted says nothing of who the client is', async () => {
    const logins = async (forwardedFor: string) => {
      const response = await fetch(`${started.url}/v1/auth/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': forwardedFor },
        body: JSON.stringify({ email: 'nobody@example.com', password: 'x' }),
      });
      const header = (name: string) => Number(response.headers.get(`ratelimit-${name}`));
      return { remaining: header('remaining'), limit: header('limit') };
    };
    const first = await logins('203.0.113.1');
    const second = await logins('203.0.113.2');
    // A window is a minute of the clock: where one begins in between, the second login is the first of it.
    expect([first.remaining - 1, second.limit - 1]).toContain(second.remaining);
  });
});

describe('Behind a trusted proxy', () => {
  let started: Started;
  beforeAll(async () => {
    started = await Started.up(undefined, {
      TRUSTED_PROXIES: 'loopback',
      PUBLIC_URL: 'https://hearth.example',
    });
    await started.call('POST', '/v1/auth/register', { ...ACCOUNT, name: 'Ada' });
  });
  afterAll(() => Started.endAll());

  const login = (email: string, password: string, forwardedFor: string) =>
    fetch(`${started.url}/v1/auth/login`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-Forwarded-For': forwardedFor,
        'X-Forwarded-Proto': 'https',
      },
      body: JSON.stringify({ email, password }),
    });

  it('one stranger locks out nobody else', async () => {
    const attack = [];
    for (let count = 0; count < 20; count += 1)
      attack.push(await login('nobody@example.com', 'wrong', `10.9.8.${count}, 203.0.113.66`));
    expect(attack.map(({ status }) => status)).toContain(429);
    const owner = await login(ACCOUNT.email, ACCOUNT.password, '198.51.100.7');
    expect(owner.status).toBe(200);
    expect(owner.headers.get('strict-transport-security')).toContain('max-age=');
  });

  it('the name of PUBLIC_URL is this server’s', async () => {
    const port = Number(new URL(started.url ?? '').port);
    const [answer] = await exchange(
      port,
      'GET /health HTTP/1.1\r\nHost: hearth.example\r\nConnection: close\r\n\r\n',
    );
    expect(answer?.status).toBe(200);
  });
});
