// The same program against a laptop and a stage: does the deployment do what it is for, from outside?
// npm run smoke -- --base http://localhost:3000 [--wait 300]
// What is new answers 503 until its keys are made: so many seconds it is waited for.
// Somebody signs in with SMOKE_EMAIL and SMOKE_PASSWORD; without them somebody new registers, where that is open.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { baseOf, numberOf, optionsOf, reasonOf } from './command-line.mjs';

const { values } = optionsOf({
  base: { type: 'string', default: 'http://localhost:3000' },
  wait: { type: 'string', default: '0' },
});
const base = baseOf(values.base);
const waitsUntil = Date.now() + numberOf('wait', values.wait) * 1000;
const LIMIT_MS = 30_000;
const ORIGIN = process.env.SMOKE_ORIGIN || 'http://localhost:3001';

async function call(method, path, options = {}) {
  for (;;) {
    const answer = await send(method, path, options);
    if (answer.status !== 503 || Date.now() > waitsUntil) return answer;
    await pause(2000);
  }
}

async function send(method, path, { token, body, headers = {} }) {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(token && { Authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    redirect: 'manual',
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, text, json, data: json?.data };
}

function expect(what, given, wanted) {
  if (given !== wanted) throw new Error(`${what} is ${given}, not ${wanted}`);
}

let token;
const task = {};
const today = new Date().toISOString().slice(0, 10);

async function account() {
  const { SMOKE_EMAIL: given, SMOKE_PASSWORD: secret } = process.env;
  if (given && secret) return { email: given, password: secret };
  const made = { email: `smoke-${randomUUID()}@example.com`, password: `Sm0ke-${randomUUID()}` };
  const { status, text } = await call('POST', '/v1/auth/register', { body: { ...made, name: 'Smoke Test' } });
  if (status !== 201)
    throw new Error(`nobody new may register here (${text}): set SMOKE_EMAIL and SMOKE_PASSWORD`);
  return made;
}

/** In this order; each is a sentence about the deployment. */
const CHECKS = {
  'it lives': async () => expect('the status', (await call('GET', '/health')).data.status, 'ok'),
  'what it depends on answers': async () =>
    expect('the status', (await call('GET', '/health/ready')).status, 200),
  'it describes itself': async () => {
    expect('the document', (await call('GET', '/openapi.json')).json.info.title, 'Hearth');
    expect('the page', /swagger-ui/.test((await call('GET', '/docs')).text), true);
  },
  'it lists its errors': async () =>
    expect('the list', (await call('GET', '/v1/errors')).data.length > 50, true),
  'what is private is refused to strangers, and to forged tokens': async () => {
    expect('the status', (await call('GET', '/v1/quests?view=today')).status, 401);
    expect('the status', (await call('GET', '/v1/quests?view=today', { token: 'a.b.c' })).status, 401);
  },
  'what is nowhere is not found': async () =>
    expect('the status', (await call('GET', '/v1/nowhere')).status, 404),
  'what is public is there': async () => {
    for (const path of ['/v1/blog/posts', '/v1/projects', '/v1/certifications', '/v1/visitors/count'])
      expect(path, (await call('GET', path)).status, 200);
  },
  'browsers may call': async () => {
    const { headers } = await call('OPTIONS', '/v1/quests', {
      headers: {
        Origin: ORIGIN,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,idempotency-key',
      },
    });
    expect('the answer', /idempotency-key/i.test(headers.get('access-control-allow-headers') ?? ''), true);
  },
  'somebody signs in': async () => {
    const { status, data, text } = await call('POST', '/v1/auth/login', { body: await account() });
    if (status !== 200) throw new Error(text);
    token = data.accessToken;
    expect('the profile', (await call('GET', '/v1/user/profile', { token })).status, 200);
  },
  'a task is made once, however often it is sent': async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const body = { type: 'task', title: 'Smoke test', dueDate: today };
    const [one, other] = [
      await call('POST', '/v1/quests', { token, body, headers }),
      await call('POST', '/v1/quests', { token, body, headers }),
    ];
    expect('the status', one.status, 201);
    expect('the second id', other.data.id, one.data.id);
    Object.assign(task, { id: one.data.id, etag: one.headers.get('etag') });
  },
  'it is listed on its day': async () => {
    const { data } = await call('GET', `/v1/quests?date=${today}`, { token });
    expect(
      'the list',
      data.some(({ id }) => id === task.id),
      true,
    );
  },
  'it changes only for who has seen it': async () => {
    const path = `/v1/quests/${task.id}?type=task`;
    const change = { token, body: { status: 'completed' }, headers: { 'If-Match': task.etag } };
    expect('the first', (await call('PUT', path, change)).status, 200);
    expect('the second', (await call('PUT', path, change)).status, 412);
  },
  'and is removed': async () =>
    expect('the status', (await call('DELETE', `/v1/quests/${task.id}?type=task`, { token })).status, 200),
  'a photo has somewhere to go': async () => {
    const body = { fileName: 'photo.jpg', fileType: 'image/jpeg' };
    expect('the status', (await call('POST', '/v1/images/upload-url', { token, body })).status, 201);
  },
};

let failed = 0;
for (const [name, check] of Object.entries(CHECKS)) {
  const began = performance.now();
  try {
    await check();
    process.stdout.write(`ok    ${name} (${Math.round(performance.now() - began)} ms)\n`);
  } catch (error) {
    failed += 1;
    process.stdout.write(`FAIL  ${name}: ${reasonOf(error)}\n`);
  }
}
process.stdout.write(`${base}: ${Object.keys(CHECKS).length - failed} of ${Object.keys(CHECKS).length}\n`);
process.exitCode = failed === 0 ? 0 : 1;
