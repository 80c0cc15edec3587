// npm run bench            the goals: starts, warm requests, local HTTP, load and polls, on Node 20 and 24
// npm run bench -- init    one of init, warm, http, load, polls, or of hostile, enumeration, worker, guitars, posts,
//                          counters, pictures, costs
// npm run bench -- all     everything
// Every figure is a median over interleaved rounds, and a ratio to a peer in the same run. The output is Markdown.
import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { gatewayEvent, openSandbox, signIn } from '../scripts/lambda-sandbox.mjs';
import { buildPeers } from './bundles.mjs';
import { counterConflicts } from './counters.mjs';
import { measureEnumeration } from './enumeration.mjs';
import { measureGoals } from './goals.mjs';
import { openCollections } from './guitars.mjs';
import { measureHostile } from './hostile.mjs';
import { interleave, median, round, say, sayLoad, table } from './measure.mjs';
import { nodesIn } from './nodes.mjs';
import { develop, PEERS, takePhotos } from './pictures.mjs';
import { openBlogs } from './posts.mjs';
import { DUE, openWorkers } from './worker.mjs';

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

const GOALS = ['init', 'warm', 'http', 'load', 'polls'];
const [only = 'goals'] = process.argv.slice(2);
const wanted = (name) => only === name || only === 'all' || (only === 'goals' && GOALS.includes(name));
const directory = mkdtempSync(join(tmpdir(), 'hearth-bench-'));
const nodes = nodesIn(directory);

const run = (...command) =>
  execFileSync('npm', ['run', '--silent', ...command], { stdio: ['ignore', 'ignore', 'inherit'] });
run('package');
for (const node of nodes) run('code-cache', '--', node);
const sandbox = await openSandbox();
try {
  const { environment } = sandbox;
  Object.assign(process.env, environment, { LOG_LEVEL: 'error' });
  const load = createRequire(import.meta.url);
  const api = load(sandbox.bundle).handler;
  const token = await signIn(api);
  const { keys } = JSON.parse(
    readFileSync(join(environment.HEARTH_DATA_DIR, 'secrets/signing-keys.json'), 'utf8'),
  );
  const BENCH_PUBLIC_KEY = createPublicKey(keys[0].privateKey).export({ type: 'spki', format: 'pem' });
  const context = {
    directory,
    environment,
    token,
    api,
    images: (event) => load(sandbox.imagesBundle).handler(event, {}),
    apiDirectory: join(sandbox.directory, 'api'),
    secrets: { token, BENCH_PUBLIC_KEY, DYNAMODB_TABLE_NAME: 'hearth-development' },
  };
  say(`Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`);
  sayLoad();
  const parts = GOALS.filter(wanted);
  if (parts.length > 0)
    await measureGoals(parts, nodes, { ...context, bundles: await buildPeers(directory) });
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
