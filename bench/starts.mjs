// Cold starts: load, bootstrap and first request, each in a process of its own, of Hearth with and without its code cache.
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gatewayEvent } from '../scripts/lambda-sandbox.mjs';
import { bundleEnvironment, interleave, median, medians, round, say, table } from './measure.mjs';

export const TASK = { type: 'task', title: 'Plan the week', dueDate: '2030-01-01', priority: 'high' };

/** The packaged API three times: as it is, with caches that V8 refuses, and without any. */
function packages(apiDirectory, directory) {
  const copyOf = (name, change) => {
    const target = join(directory, name);
    rmSync(target, { recursive: true, force: true });
    cpSync(apiDirectory, target, { recursive: true });
    const dist = join(target, 'dist');
    for (const file of readdirSync(dist).filter((each) => each.endsWith('.cache'))) change(join(dist, file));
    return join(dist, 'lambda.js');
  };
  const spoil = (file) => {
    const bytes = readFileSync(file);
    // The hash of V8's version.
    bytes.writeUInt32LE(0, 4);
    writeFileSync(file, bytes);
  };
  return {
    'Hearth, cached': join(apiDirectory, 'dist/lambda.js'),
    'Hearth, cache refused': copyOf('refused', spoil),
    'Hearth, no cache': copyOf('uncached', (file) => rmSync(file)),
  };
}

/** @param node the Node to measure @returns ratios of the goals */
export async function measureStarts({ node, ...context }) {
  const { apiDirectory, bundles, directory, secrets } = context;
  const env = bundleEnvironment(context);
  const start = (event) => (bundle) => {
    const args = ['--no-warnings', 'bench/init-child.cjs', bundle, JSON.stringify(event)];
    const { stderr } = spawnSync(node, args, { env, encoding: 'utf8', timeout: 20_000 });
    const last = stderr.trim().split('\n').at(-1);
    if (!last.startsWith('{')) throw new Error(`${bundle}: ${stderr}`);
    return JSON.parse(last);
  };
  const own = packages(apiDirectory, directory);
  const { raw, hono, express, 'raw quests': rawQuests, 'default build': defaultBuild } = bundles;

  const healthPeers = { raw, hono, express, ...own, 'default build': defaultBuild };
  const health = await interleave(healthPeers, 15, start(gatewayEvent('GET', '/health')), 'starts: health');
  say('\nLoad, bootstrap and first `GET /health`; ratios to raw');
  showStarts(health, healthPeers, 'raw');

  const event = gatewayEvent('POST', '/v1/quests', { body: TASK, token: secrets.token });
  const questPeers = { 'raw by hand': rawQuests, express, ...own };
  const quests = await interleave(questPeers, 11, start(event), 'starts: quests');
  say('\nLoad, bootstrap and first signed-in `POST /v1/quests`; ratios to raw by hand');
  showStarts(quests, questPeers, 'raw by hand');

  const ratio = (values, name, to, figure = 'ms') => {
    const of = medians(values, figure);
    return of[name] / of[to];
  };
  return {
    healthCached: ratio(health, 'Hearth, cached', 'raw'),
    healthUncached: Math.max(
      ratio(health, 'Hearth, no cache', 'raw'),
      ratio(health, 'Hearth, cache refused', 'raw'),
    ),
    questsCached: ratio(quests, 'Hearth, cached', 'raw by hand'),
    memory: ratio(health, 'Hearth, cached', 'raw', 'rssMb'),
    domainMs: measureDomains(own['Hearth, cached'], env, node),
  };
}

function showStarts(values, files, to) {
  const [ms, cpuMs, rssMb] = ['ms', 'cpuMs', 'rssMb'].map((figure) => medians(values, figure));
  table(
    ['', 'ms', 'ratio', 'CPU ms', 'ratio', 'RSS MB', 'ratio', 'bundle KB'],
    Object.keys(values).map((name) => [
      name,
      round(ms[name], 1),
      round(ms[name] / ms[to]),
      round(cpuMs[name], 1),
      round(cpuMs[name] / cpuMs[to]),
      round(rssMb[name], 0),
      round(rssMb[name] / rssMb[to]),
      Math.round(bundleSize(files[name]) / 1000),
    ]),
  );
}

/** With a code cache the bundle lies beside the entry. */
const bundleSize = (file) =>
  (statSync(file.replace(/lambda\.js$/, 'main.js'), { throwIfNoEntry: false }) ?? statSync(file)).size;

const DOMAIN_PATHS = [
  '/v1/guitars',
  '/v1/blog/posts',
  '/v1/user/profile',
  '/v1/memories',
  '/v1/certifications',
  '/v1/notifications',
  '/v1/chat/conversations',
  '/v1/context',
  '/v1/projects',
  '/v1/analytics/trends',
];

/** The first request of each other domain in a process that has served quests. @returns the slowest, in ms */
function measureDomains(bundle, env, node) {
  const runs = Array.from({ length: 5 }, () => {
    const args = ['--no-warnings', 'bench/domains-child.cjs', bundle, ...DOMAIN_PATHS];
    const { stderr } = spawnSync(node, args, { env, encoding: 'utf8', timeout: 20_000 });
    return JSON.parse(stderr.trim().split('\n').at(-1));
  });
  const rows = DOMAIN_PATHS.map((path) => [
    path,
    ...['first', 'second'].map((which) => median(runs.map((run) => run[path][which]))),
  ]);
  say('\nThe first request of another domain in a process that has served quests');
  table(
    ['', 'first ms', 'second ms'],
    rows.map(([path, ...times]) => [`\`${path}\``, ...times.map((ms) => round(ms, 1))]),
  );
  return Math.max(...rows.map(([, first]) => first));
}
