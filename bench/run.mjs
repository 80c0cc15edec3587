// npm run bench            everything
// npm run bench -- init    one of init, warm, http, hostile, enumeration, worker, guitars, posts, counters, pictures, costs
// Every figure is a median over interleaved rounds, and a ratio to a peer in the same run. The output is Markdown.
import { execFileSync, fork, spawn, spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import sharp from 'sharp';
import { gatewayEvent, openSandbox, signIn } from '../scripts/lambda-sandbox.mjs';
import { buildPeers } from './bundles.mjs';
import { counterConflicts } from './counters.mjs';
import { measureEnumeration } from './enumeration.mjs';
import { openCollections } from './guitars.mjs';
import { measureHostile } from './hostile.mjs';
import { develop, PEERS, takePhotos } from './pictures.mjs';
import { openBlogs } from './posts.mjs';
import { DUE, openWorkers } from './worker.mjs';

const say = (text) => process.stdout.write(`${text}\n`);
const median = (values) => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
const table = (head, rows) => {
  say(`\n| ${head.join(' | ')} |\n|${head.map(() => '---').join('|')}|`);
  for (const row of rows) say(`| ${row.join(' | ')} |`);
};
const round = (value, digits = 2) => value.toFixed(digits);

/** Runs every peer once a round, the order turned each time, and gives back each one's values. */
async function interleave(peers, rounds, measure, what) {
  const values = Object.fromEntries(Object.keys(peers).map((name) => [name, []]));
  for (let number = 0; number < rounds; number += 1) {
    const names = Object.keys(peers);
    for (const name of [...names.slice(number % names.length), ...names.slice(0, number % names.length)]) {
      values[name].push(await measure(peers[name], name));
    }
    process.stderr.write(`\r${what} ${number + 1}/${rounds}${number + 1 === rounds ? '\n' : ''}`);
  }
  return values;
}

async function init({ bundles, environment }) {
  const event = JSON.stringify(gatewayEvent('GET', '/health'));
  const values = await interleave(
    bundles,
    15,
    (bundle) => {
      const { stderr } = spawnSync(
        process.execPath,
        ['--no-warnings', 'bench/init-child.cjs', bundle, event],
        {
          env: { PATH: process.env.PATH, LOG_LEVEL: 'error', AWS_REGION: 'eu-north-1', ...environment },
          encoding: 'utf8',
          timeout: 20_000,
        },
      );
      const milliseconds = Number(stderr.trim().split('\n').at(-1));
      if (Number.isNaN(milliseconds)) throw new Error(`${bundle}: ${stderr}`);
      return milliseconds;
    },
    'init',
  );
  const [hearth, raw] = [median(values.Hearth), median(values.raw)];
  table(
    ['Initialisation: load, bootstrap, first GET /health', 'ms', 'Hearth ÷ this', 'this ÷ raw', 'bundle KB'],
    Object.entries(values).map(([name, each]) => [
      name,
      round(median(each), 1),
      round(hearth / median(each)),
      round(median(each) / raw),
      Math.round(statSync(bundles[name]).size / 1000),
    ]),
  );
}

async function warm({ bundles, environment, secrets }) {
  const children = {};
  for (const name of ['Hearth', 'raw', 'hono', 'express']) {
    const env = {
      PATH: process.env.PATH,
      LOG_LEVEL: 'error',
      AWS_REGION: 'eu-north-1',
      ...environment,
      ...secrets,
    };
    children[name] = fork('bench/warm-child.cjs', [bundles[name]], {
      env,
      execArgv: ['--no-warnings'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }
  const ask = async (child, event, times) => {
    child.send({ event, times });
    const [{ microseconds, error }] = await once(child, 'message');
    if (error) throw new Error(error);
    return microseconds;
  };
  const { token } = secrets;
  const body = { type: 'task', title: 'Review project proposal', dueDate: '2025-06-25', priority: 'high' };
  const cases = [
    ['GET /health', gatewayEvent('GET', '/health'), Object.keys(children), 500, 3000],
    [
      'POST /v1/quests: token, validation, one put',
      gatewayEvent('POST', '/v1/quests', { body, token }),
      ['Hearth', 'express'],
      100,
      300,
    ],
  ];
  for (const [what, event, names, warmUp, times] of cases) {
    const chosen = Object.fromEntries(names.map((name) => [name, children[name]]));
    for (const child of Object.values(chosen)) await ask(child, event, warmUp);
    const values = await interleave(chosen, 9, (child) => ask(child, event, times), what);
    const hearth = median(values.Hearth);
    table(
      [`Warm ${what}, through the handler`, 'µs', 'Hearth ÷ this'],
      Object.entries(values).map(([name, each]) => [
        name,
        round(median(each), 1),
        round(hearth / median(each)),
      ]),
    );
  }
  for (const child of Object.values(children)) child.disconnect();
}

async function http({ directory }) {
  const start = async (file, env, pattern) => {
    const child = spawn(process.execPath, ['--no-warnings', file], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const url = await new Promise((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          const found = pattern.exec(chunk.toString());
          if (found) resolve(found[1]);
        });
      }
    });
    return { child, url };
  };
  const servers = {
    Hearth: await start(
      'dist/main.js',
      { PORT: '0', LOG_LEVEL: 'info', HEARTH_DATA_DIR: join(directory, 'http') },
      /Hearth is at\s+(\S+)/,
    ),
    'Express 5': await start('bench/peers/express-server.mjs', {}, /(http:\/\/\S+)/),
  };
  const load = ({ url }, duration) =>
    autocannon({ url: `${url.replace('localhost', '127.0.0.1')}/health`, connections: 20, duration });
  for (const server of Object.values(servers)) await load(server, 2);
  const values = await interleave(
    servers,
    5,
    async (server) => (await load(server, 3)).requests.average,
    'http',
  );
  const hearth = median(values.Hearth);
  table(
    ['Local HTTP, GET /health, 20 connections', 'requests/s', 'Hearth ÷ this'],
    Object.entries(values).map(([name, each]) => [
      name,
      Math.round(median(each)),
      round(hearth / median(each)),
    ]),
  );
  for (const { child } of Object.values(servers)) {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
}

async function enumeration({ directory }) {
  const times = await measureEnumeration(directory);
  const kinds = Object.keys(Object.values(times)[0]);
  table(
    ['Median ms, 200 samples a route', ...kinds, 'largest difference'],
    Object.entries(times).map(([path, byKind]) => {
      const medians = kinds.map((kind) => median(byKind[kind]));
      return [
        path,
        ...medians.map((value) => round(value)),
        round(Math.max(...medians) - Math.min(...medians)),
      ];
    }),
  );
}

async function hostile({ directory }) {
  const progress = (text) => process.stderr.write(`\r${text}\u001b[K`);
  const { head, rows, isWithinGoals } = await measureHostile(directory, progress);
  process.stderr.write('\n');
  table(head, rows);
  if (!isWithinGoals) {
    say('\nThis is not within the goals (docs/performance.md).');
    process.exitCode = 1;
  }
}

async function worker({ environment }) {
  const { peers, close } = await openWorkers(environment);
  for (const run of Object.values(peers)) await run();
  const values = await interleave(peers, 9, (run) => run(), 'worker');
  const of = (name, what) => median(values[name].map((each) => each[what]));
  const [smallest] = Object.keys(values);
  table(
    [
      `A run of the recurrence worker, ${DUE} rules due`,
      'ms',
      '÷ the smallest',
      'round trips',
      'read units',
      'write units',
      'a Scan instead: ms',
      'its read units',
    ],
    Object.keys(values).map((name) => [
      name,
      round(of(name, 'ms'), 1),
      round(of(name, 'ms') / of(smallest, 'ms')),
      of(name, 'roundTrips'),
      of(name, 'readUnits'),
      of(name, 'writeUnits'),
      round(of(name, 'scanMs'), 1),
      of(name, 'scanUnits'),
    ]),
  );
  await close();
}

/** Pages of lists as these grow. @param lists the questions, each asked of every size */
async function pages(what, { peers, sizes, questions, page, close }) {
  for (const run of Object.values(peers)) await run();
  const values = await interleave(peers, 15, (run) => run(), what);
  const of = (question, size, figure) => median(values[`${question} | ${size}`].map((each) => each[figure]));
  const [middle, largest] = sizes.slice(-2);
  table(
    [
      `A page of ${page} ${what}`,
      ...sizes.map((size) => `of ${size}: ms`),
      `${largest} ÷ ${middle}`,
      ...sizes.map((size) => `of ${size}: queries, read units`),
    ],
    questions.map((question) => [
      question,
      ...sizes.map((size) => round(of(question, size, 'ms'), 1)),
      round(of(question, largest, 'ms') / of(question, middle, 'ms')),
      ...sizes.map((size) => `${of(question, size, 'roundTrips')}, ${of(question, size, 'readUnits')}`),
    ]),
  );
  await close();
}

/** Developing alone beside its peer; then a whole completion, through the packaged function. */
async function pictures({ directory, token, api, images }) {
  const photos = await takePhotos(directory);
  const rows = [];
  for (const [name, photo] of Object.entries(photos)) {
    const peers = Object.fromEntries(PEERS.map((peer) => [peer, peer]));
    const values = await interleave(peers, 3, (peer) => develop(peer, photo), name);
    const of = (peer, what) => median(values[peer].map((each) => each[what]));
    const [hearth, peer] = PEERS;
    rows.push([
      `${name}, ${round(photo.megabytes, 1)} MB`,
      ...['ms', 'peakMb'].flatMap((what) => [
        Math.round(of(hearth, what)),
        Math.round(of(peer, what)),
        round(of(hearth, what) / of(peer, what)),
      ]),
      Math.round(await completion({ photo, token, api, images })),
    ]);
  }
  table(
    [
      'A photo',
      'Hearth ms',
      'separate decodes ms',
      'ratio',
      'Hearth peak MB',
      'separate decodes peak MB',
      'ratio',
      'completion ms',
    ],
    rows,
  );
}

/** Median milliseconds of `POST /v1/images/upload-complete`; each time another content. */
async function completion({ photo: { bytes, type }, token, api, images }) {
  const call = async (handler, path, body) => {
    const answer = await handler(gatewayEvent('POST', path, { body, token }), {});
    if (answer.statusCode >= 300) throw new Error(answer.body);
    return JSON.parse(answer.body).data;
  };
  const times = [];
  for (let time = 0; time < 5; time += 1) {
    const asked = await call(api, '/v1/images/upload-url', { fileName: 'photo', fileType: type });
    const { width } = await sharp(bytes).metadata();
    const body = await sharp(bytes)
      .composite([
        {
          input: Buffer.from([time * 40, 0, 0]),
          raw: { width: 1, height: 1, channels: 3 },
          left: width - 1,
          top: 0,
        },
      ])
      .withMetadata()
      .toFormat(type.slice('image/'.length))
      .toBuffer();
    await fetch(asked.uploadUrl, { method: 'PUT', headers: asked.headers, body });
    const began = performance.now();
    await call(images, '/v1/images/upload-complete', { imageKey: asked.imageKey });
    times.push(performance.now() - began);
  }
  return median(times);
}

function counters() {
  const { head, rows } = counterConflicts();
  table(head, rows);
}

function costs() {
  const options = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const env = { ...process.env, HEARTH_PRINT_COSTS: '1' };
  execFileSync('node', [...options, '--selectProjects', 'e2e', '--testPathPatterns', 'access-patterns'], {
    env,
    stdio: ['ignore', 'inherit', 'ignore'],
  });
}

const [only] = process.argv.slice(2);
const wanted = (name) => only === undefined || only === name;

execFileSync('npm', ['run', '--silent', 'package'], { stdio: ['ignore', 'ignore', 'inherit'] });
const directory = mkdtempSync(join(tmpdir(), 'hearth-bench-'));
const sandbox = await openSandbox();
try {
  const { environment } = sandbox;
  const bundles = { Hearth: sandbox.bundle, ...(await buildPeers(directory)) };
  Object.assign(process.env, environment, { LOG_LEVEL: 'error' });
  const load = createRequire(import.meta.url);
  const api = load(sandbox.bundle).handler;
  const token = await signIn(api);
  const { keys } = JSON.parse(
    readFileSync(join(environment.HEARTH_DATA_DIR, 'secrets/signing-keys.json'), 'utf8'),
  );
  const BENCH_PUBLIC_KEY = createPublicKey(keys[0].privateKey).export({ type: 'spki', format: 'pem' });
  const DYNAMODB_TABLE_NAME = 'hearth-development';
  const context = {
    bundles,
    directory,
    environment,
    token,
    api,
    images: (event) => load(sandbox.imagesBundle).handler(event, {}),
    secrets: { token, BENCH_PUBLIC_KEY, DYNAMODB_TABLE_NAME },
  };
  say(`Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`);
  if (wanted('init')) await init(context);
  if (wanted('warm')) await warm(context);
  if (wanted('http')) await http(context);
  if (wanted('hostile')) await hostile(context);
  if (wanted('enumeration')) await enumeration(context);
  if (wanted('worker')) await worker(context);
  if (wanted('guitars')) await pages('guitars', await openCollections(environment));
  if (wanted('posts')) await pages('posts', await openBlogs(environment));
  if (wanted('counters')) counters();
  if (wanted('pictures')) await pictures(context);
  if (wanted('costs')) costs();
} finally {
  await sandbox.close();
  rmSync(directory, { recursive: true, force: true });
}
process.exit();
