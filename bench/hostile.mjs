// What it costs to refuse a hostile body: CPU time of the server's process, divided by that of a plain body of the same
// size to the same route which fails on one unknown field. Every public operation, and ten that need a user.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { hostileBodies, plainBody } from './hostile-bodies.mjs';
import { operationsOf } from '../infra/api-document.cjs';

const SAMPLES = 5;
const WARM_UPS = 5;
const BODY_BYTES = 1024 * 1024;
const FILE_BYTES = 5 * BODY_BYTES;
const LARGEST_RATIO = 20;
const LARGEST_ANSWER = 64 * 1024;
const HEALTH_MS = 1000;

const SIGNED_IN = new Set([
  'createQuest',
  'changeQuests',
  'createGuitar',
  'importGuitars',
  'createPost',
  'updateResume',
  'putContext',
  'updatePreferences',
  'createMemory',
  'sendMessage',
]);

/** The operations that are asked, with an address and a field of text. */
function operations() {
  const document = JSON.parse(readFileSync('openapi/openapi.json', 'utf8'));
  const all = operationsOf(document).map(({ path, method, operation }) => ({ path, method, ...operation }));
  const isPublic = ({ security }) =>
    !security?.some((scheme) => 'bearerAuth' in scheme) || security.length === 2;
  return all
    .filter((operation) => isPublic(operation) || SIGNED_IN.has(operation.operationId))
    .map(({ path, method, operationId, requestBody }) => {
      const name = requestBody?.content['application/json']?.schema.$ref?.split('/').at(-1);
      const { properties = {} } = document.components.schemas[name] ?? {};
      const field =
        Object.keys(properties).find((key) => [properties[key].type].flat().includes('string')) ??
        Object.keys(properties)[0];
      const takesFile = operationId === 'importGuitars';
      return {
        operationId,
        method: method.toUpperCase(),
        path: path.replaceAll(/\{\w+\}/g, '00000000-0000-7000-8000-000000000000'),
        takesBody: requestBody !== undefined,
        isPublic: !SIGNED_IN.has(operationId),
        field: field ?? 'email',
        takesFile,
        bytes: takesFile ? FILE_BYTES : BODY_BYTES,
      };
    });
}

const median = (values) => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];

class Server {
  #asked = 0;
  #agent = new Agent();
  #waiting = new Map();

  static async start(directory) {
    const env = {
      PATH: process.env.PATH,
      PORT: '0',
      LOG_LEVEL: 'error',
      HEARTH_DATA_DIR: join(directory, 'hostile'),
      RATE_LIMIT_AUTH_PER_MINUTE: '1000000',
      RATE_LIMIT_TRACKING_PER_MINUTE: '1000000',
      RATE_LIMIT_CHAT_PER_MINUTE: '1000000',
    };
    const server = new Server();
    const execArgv = ['--no-warnings'];
    server.child = fork('bench/hostile-child.mjs', {
      env,
      execArgv,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    server.child.on('message', ({ id, microseconds }) => server.#waiting.get(id)?.(microseconds));
    const [first] = await once(server.child.stdout, 'data');
    server.port = Number(/http:\/\/localhost:(\d+)/.exec(first.toString())[1]);
    return server;
  }

  /** Microseconds of CPU that the server has used so far. */
  cpu() {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.child.send(id);
    });
  }

  send({ method, path }, { type = 'application/json', body, token } = {}) {
    const bytes = Buffer.from(body ?? '');
    const headers = {
      'Content-Length': bytes.length,
      ...(bytes.length > 0 && { 'Content-Type': type }),
      ...(token && { Authorization: `Bearer ${token}` }),
    };
    const began = performance.now();
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: this.port, path, method, headers, agent: this.#agent })
        .on('error', reject)
        .on('response', (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () => {
            const answer = Buffer.concat(chunks);
            const ms = performance.now() - began;
            resolve({ status: response.statusCode, bytes: answer.length, text: answer.toString(), ms });
          });
        })
        .end(bytes);
    });
  }

  /** Microseconds of CPU, the median of a few. */
  async costOf(operation, sent) {
    const costs = [];
    let answer;
    for (let sample = 0; sample < WARM_UPS; sample += 1) await this.send(operation, sent);
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      const before = await this.cpu();
      answer = await this.send(operation, sent);
      costs.push((await this.cpu()) - before);
    }
    return { cost: median(costs), answer };
  }

  async stop() {
    this.child.disconnect();
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}

async function signIn(server) {
  const person = { email: 'bench@example.com', password: 'Corr3ct-horse' };
  const post = (path, body) => server.send({ method: 'POST', path }, { body: JSON.stringify(body) });
  await post('/v1/auth/register', { ...person, name: 'Bench' });
  return JSON.parse((await post('/v1/auth/login', person)).text).data.accessToken;
}

/** The worst of the bodies for one operation. */
async function worstOf(server, operation, token) {
  const worst = { ratio: 0, name: '', bytes: 0, status: new Set() };
  const plain = new Map();
  const plainCost = async (size) => {
    const rounded = Math.max(1024, Math.round(size / 4096) * 4096);
    if (!plain.has(rounded)) {
      plain.set(rounded, (await server.costOf(operation, { body: plainBody(rounded), token })).cost);
    }
    return plain.get(rounded);
  };
  const bodies = hostileBodies(operation);
  for (const { name, type, body } of bodies) {
    const baseline = await plainCost(Buffer.byteLength(body));
    const { cost, answer } = await server.costOf(operation, { type, body, token });
    if (answer.status >= 500) throw new Error(`${operation.operationId}, ${name}: ${answer.text}`);
    worst.status.add(answer.status);
    worst.bytes = Math.max(worst.bytes, answer.bytes);
    if (cost / baseline > worst.ratio) Object.assign(worst, { ratio: cost / baseline, name, cost });
  }
  return { ...worst, tried: bodies.length };
}

/** How long a stranger waits for /health while all bodies are sent, two at a time, in milliseconds. */
async function slowestHealth(server, operation, token) {
  const open = hostileBodies(operation);
  const work = async () => {
    for (let next = open.pop(); next; next = open.pop()) await server.send(operation, { ...next, token });
  };
  const working = Promise.all([work(), work()]).then(() => 'done');
  let slowest = 0;
  do {
    const { ms } = await server.send({ method: 'GET', path: '/health' });
    slowest = Math.max(slowest, ms);
  } while ((await Promise.race([working, Promise.resolve('busy')])) === 'busy');
  return slowest;
}

/** @returns {Promise<{ head: string[], rows: string[][], isWithinGoals: boolean }>} */
export async function measureHostile(directory, progress) {
  const server = await Server.start(directory);
  try {
    const token = await signIn(server);
    const rows = [];
    let [ratio, bytes, ms] = [0, 0, 0];
    const asked = operations();
    for (const [position, operation] of asked.entries()) {
      progress(`${position + 1} of ${asked.length}: ${operation.operationId}`);
      const as = operation.isPublic ? undefined : token;
      const worst = await worstOf(server, operation, as);
      const health = await slowestHealth(server, operation, as);
      [ratio, bytes, ms] = [Math.max(ratio, worst.ratio), Math.max(bytes, worst.bytes), Math.max(ms, health)];
      rows.push([
        operation.operationId,
        String(worst.tried),
        worst.ratio.toFixed(1),
        worst.name,
        `${(worst.bytes / 1024).toFixed(1)} KB`,
        `${Math.ceil(health)} ms`,
      ]);
    }
    rows.push([
      'worst of all',
      '',
      ratio.toFixed(1),
      '',
      `${(bytes / 1024).toFixed(1)} KB`,
      `${Math.ceil(ms)} ms`,
    ]);
    const head = ['operation', 'bodies', 'CPU, worst ratio', 'by', 'largest answer', 'slowest /health'];
    const isWithinGoals = ratio <= LARGEST_RATIO && bytes <= LARGEST_ANSWER && ms <= HEALTH_MS;
    return { head, rows, isWithinGoals };
  } finally {
    await server.stop();
  }
}
