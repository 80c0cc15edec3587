// Whether time tells who has an account: AUTH_PREVENT_ENUMERATION on, the four routes that must answer alike, and four
// kinds of addresses, interleaved.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';

const KINDS = ['known', 'unknown', 'unconfirmed', 'disabled'];
const SAMPLES = 50;
const ACCOUNTS = 10;
const AT_ONCE = 4;
const PASSWORD = 'Corr3ct-horse';

let calls = 0;

/** A POST from an address of its own, since failures slow down an address. */
function post(port, path, body, { token, method = 'POST' } = {}) {
  calls += 1;
  const localAddress = `127.4.${Math.floor(calls / 250) % 250}.${(calls % 250) + 1}`;
  const headers = {
    'Content-Type': 'application/json',
    ...(token && { Authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    const began = performance.now();
    request({
      host: '127.0.0.1',
      port,
      path: `/v1${path}`,
      method,
      headers,
      agent: new Agent({ localAddress }),
    })
      .on('error', reject)
      .on('response', (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          const { data } = JSON.parse(Buffer.concat(chunks).toString());
          resolve({ status: response.statusCode, data, ms: performance.now() - began });
        });
      })
      .end(body === undefined ? '' : JSON.stringify(body));
  });
}

/** Of requests that begin together the last one waits longest: each kind is last equally often. */
const turned = (kinds, by) => [...kinds.slice(by % kinds.length), ...kinds.slice(0, by % kinds.length)];

async function inTurns(work) {
  const open = [...work];
  const run = async () => {
    for (let next = open.shift(); next; next = open.shift()) await next();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, run));
}

/** @returns milliseconds by route and kind: { '/auth/login': { known: [...], … }, … } */
export async function measureEnumeration(directory) {
  const env = {
    PATH: process.env.PATH,
    PORT: '0',
    LOG_LEVEL: 'error',
    HEARTH_DATA_DIR: join(directory, 'enumeration'),
    AUTH_EMAIL_CONFIRMATION: 'required',
    AUTH_PREVENT_ENUMERATION: 'true',
    RATE_LIMIT_AUTH_PER_MINUTE: '1000000',
  };
  const child = spawn(process.execPath, ['--no-warnings', 'dist/main.js'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [first] = await once(child.stdout, 'data');
    const port = /http:\/\/localhost:(\d+)/.exec(first.toString())[1];
    const account = (email) => ({ email, password: PASSWORD, name: 'Somebody' });
    const outbox = join(env.HEARTH_DATA_DIR, 'outbox');
    const codeFor = (email) => {
      const mails = readdirSync(outbox).map((file) => readFileSync(join(outbox, file), 'utf8'));
      return /^(\d{6})\r?$/m.exec(mails.findLast((text) => text.includes(`To: ${email}`)))[1];
    };
    const confirmed = async (email) => {
      const { data } = await post(port, '/auth/register', account(email));
      const { registrationToken } = data;
      await post(port, '/auth/confirm', { email, code: codeFor(email), registrationToken });
    };
    await confirmed('owner@example.com');
    const { data: owner } = await post(port, '/auth/login', {
      email: 'owner@example.com',
      password: PASSWORD,
    });
    const addresses = Object.fromEntries(
      KINDS.map((kind) => [kind, Array.from({ length: ACCOUNTS }, (_, one) => `${kind}-${one}@example.com`)]),
    );
    await inTurns([...addresses.known, ...addresses.disabled].map((email) => () => confirmed(email)));
    await inTurns(addresses.unconfirmed.map((email) => () => post(port, '/auth/register', account(email))));
    const { data: users } = await post(port, '/users?limit=100', undefined, {
      token: owner.accessToken,
      method: 'GET',
    });
    for (const { userId, email } of users) {
      if (!addresses.disabled.includes(email)) continue;
      const options = { token: owner.accessToken, method: 'PATCH' };
      await post(port, `/users/${userId}`, { status: 'disabled' }, options);
    }

    const routes = {
      '/auth/login': (email) => ({ email, password: 'Wr0ng-horse' }),
      '/auth/resend-confirmation': (email) => ({ email }),
      '/auth/forgot-password': (email) => ({ email }),
      '/auth/register': (email) => account(email),
    };
    const times = {};
    for (const [path, bodyFor] of Object.entries(routes)) {
      times[path] = Object.fromEntries(KINDS.map((kind) => [kind, []]));
      const work = Array.from({ length: SAMPLES }, (_, sample) =>
        turned(KINDS, sample).map((kind) => async () => {
          const known = addresses[kind][sample % ACCOUNTS];
          const email = kind === 'unknown' ? `unknown-${path.length}-${sample}@example.com` : known;
          times[path][kind].push((await post(port, path, bodyFor(email))).ms);
        }),
      );
      await inTurns(work.flat());
    }
    return times;
  } finally {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
}
