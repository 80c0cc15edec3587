// Plays seed 001's users (100 calls a month each; 10 guitars of 5 photos) at a rate, and prints latencies and errors:
// npm run load -- --base http://localhost:3000 [--users 3] [--photos 5] [--rate 20] [--seconds 30]
// Calls are sent when they are due, whatever became of those before (an open loop). People register themselves; where
// that is not open, LOAD_EMAIL and LOAD_PASSWORD name one who is there. What was made is removed in the end.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { baseOf, numberOf, optionsOf, reasonOf } from './command-line.mjs';

const { values } = optionsOf({
  base: { type: 'string', default: 'http://localhost:3000' },
  users: { type: 'string', default: '3' },
  guitars: { type: 'string', default: '10' },
  photos: { type: 'string', default: '5' },
  rate: { type: 'string', default: '20' },
  seconds: { type: 'string', default: '30' },
});
const base = baseOf(values.base);
const [users, guitars, photos, rate, seconds] = ['users', 'guitars', 'photos', 'rate', 'seconds'].map(
  (name) => numberOf(name, values[name]),
);
const CALLS_A_MONTH = 100;
const SECONDS_A_MONTH = 30 * 24 * 3600;
const LIMIT_MS = 30_000;

/** A photo of one pixel, which is whole. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

const measured = new Map();
const people = [];

async function leaveNothing() {
  for (const { token, ids } of people)
    for (const id of ids) await call('DELETE', `/guitars/${id}`, { token, route: '/guitars/{id}' });
}

/** One call, measured under its route. */
async function call(method, path, { token, body, route = path } = {}) {
  const name = `${method} ${route}`;
  const entry = measured.get(name) ?? { milliseconds: [], failures: new Map() };
  measured.set(name, entry);
  const began = performance.now();
  let outcome;
  try {
    const response = await fetch(`${base}/v1${path}`, {
      method,
      headers: {
        ...(body && { 'Content-Type': 'application/json' }),
        ...(token && { Authorization: `Bearer ${token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    const answer = await response.json();
    outcome = response.ok ? undefined : `${response.status} ${answer.error?.code ?? answer.message}`;
    return answer.data;
  } catch (error) {
    outcome = reasonOf(error);
    return undefined;
  } finally {
    entry.milliseconds.push(performance.now() - began);
    if (outcome) entry.failures.set(outcome, (entry.failures.get(outcome) ?? 0) + 1);
  }
}

const aGuitar = () => ({
  brand: ['Fender', 'Gibson', 'Martin'][Math.floor(Math.random() * 3)],
  model: `Model ${randomUUID().slice(0, 8)}`,
  year: 1950 + Math.floor(Math.random() * 70),
});

async function addPhoto(token, guitarId) {
  const body = { fileName: 'photo.png', fileType: 'image/png', fileSize: PIXEL.length };
  const upload = await call('POST', '/images/upload-url', { token, body });
  if (!upload) return;
  await fetch(upload.uploadUrl, { method: 'PUT', headers: upload.headers, body: PIXEL });
  await call('POST', '/images/upload-complete', { token, body: { imageKey: upload.imageKey, guitarId } });
}

async function person() {
  const { LOAD_EMAIL: email, LOAD_PASSWORD: password } = process.env;
  const account =
    email && password
      ? { email, password }
      : { email: `load-${randomUUID()}@example.com`, password: `L0ad-${randomUUID()}` };
  if (!email) await call('POST', '/auth/register', { body: { ...account, name: 'Load Test' } });
  const session = await call('POST', '/auth/login', { body: account });
  if (!session) {
    report('Nobody could sign in: set LOAD_EMAIL and LOAD_PASSWORD, if registration is not open there');
    await leaveNothing();
    process.exit(1);
  }
  const token = session.accessToken;
  const ids = [];
  for (let made = 0; made < guitars; made += 1) {
    const guitar = await call('POST', '/guitars', { token, body: aGuitar() });
    if (!guitar) continue;
    ids.push(guitar.id);
    for (let photo = 0; photo < photos; photo += 1) await addPhoto(token, guitar.id);
  }
  process.stdout.write(`one of ${users} people has ${ids.length} guitars\n`);
  return { token, ids };
}

const any = (list) => list[Math.floor(Math.random() * list.length)];

/** What a month's 100 calls are: mostly looking. */
const MIX = [
  [35, ({ token }) => call('GET', '/guitars', { token })],
  [35, ({ token, ids }) => call('GET', `/guitars/${any(ids)}`, { token, route: '/guitars/{id}' })],
  [10, ({ token }) => call('GET', '/guitars/brands', { token })],
  [10, ({ token }) => call('GET', '/user/profile', { token })],
  [5, ({ token }) => call('GET', '/guitars/stats', { token })],
  [
    5,
    ({ token, ids }) =>
      call('PUT', `/guitars/${any(ids)}`, { token, body: { color: 'Sunburst' }, route: '/guitars/{id}' }),
  ],
];
const TURNS = MIX.flatMap(([share, turn]) => Array.from({ length: share }, () => turn));

function percentile(sorted, share) {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

function report(title) {
  process.stdout.write(`\n${title}\n${'calls'.padStart(7)} failed   p50   p95   p99 (ms)\n`);
  for (const [name, { milliseconds, failures }] of [...measured].sort()) {
    const sorted = milliseconds.toSorted((one, other) => one - other);
    const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
    const figures = [0.5, 0.95, 0.99].map((share) => String(percentile(sorted, share)).padStart(5)).join(' ');
    const why = [...failures].map(([reason, count]) => `${count} × ${reason}`).join(', ');
    process.stdout.write(
      `${String(sorted.length).padStart(7)} ${String(failed).padStart(6)} ${figures} ${name} ${why}\n`,
    );
  }
  const failures = [...measured.values()].flatMap(({ failures: all }) => [...all.values()]);
  measured.clear();
  return failures.reduce((sum, count) => sum + count, 0);
}

for (let made = 0; made < users; made += 1) people.push(await person());
let failures = report('To begin with');

const calls = [];
const began = performance.now();
for (let number = 0; number < rate * seconds; number += 1) {
  const due = began + (number * 1000) / rate;
  if (due > performance.now()) await pause(due - performance.now());
  calls.push(any(TURNS)(any(people)));
}
await Promise.all(calls);
const wouldBe = Math.round((rate * SECONDS_A_MONTH) / CALLS_A_MONTH).toLocaleString('en');
failures += report(
  `${rate} calls a second for ${seconds} s, as of ${wouldBe} people of ${CALLS_A_MONTH} calls a month`,
);

await leaveNothing();
failures += report('To end with');
process.exitCode = failures > 0 ? 1 : 0;
