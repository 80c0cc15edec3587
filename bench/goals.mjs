// The goals of docs/performance.md, measured on each Node, with what was reached.
import { execFileSync } from 'node:child_process';
import { measureHttp } from './http.mjs';
import { measureLoad } from './load.mjs';
import { round, say, sayLoad, table } from './measure.mjs';
import { measurePolls } from './polls.mjs';
import { measureStarts } from './starts.mjs';
import { measureWarm } from './warm.mjs';

const PARTS = {
  init: measureStarts,
  warm: measureWarm,
  http: measureHttp,
  load: measureLoad,
  polls: measurePolls,
};

/** What is measured, its name in the results, and the goals on Node 20 and 24: at most or at least. */
const GOALS = [
  ['start and first `GET /health`, code cache accepted ÷ raw', 'healthCached', '≤', 1.15, 1.05],
  ['the same, cache refused or missing ÷ raw', 'healthUncached', '≤', 2.8, 2.5],
  ['start and first signed-in `POST /v1/quests` ÷ raw by hand', 'questsCached', '≤', 1.35, 1.1],
  ['first request of another domain in a warm process, ms', 'domainMs', '≤', 30, 30],
  ['memory after `GET /health` ÷ raw', 'memory', '≤', 1.2, 1.2],
  ['warm `GET /health` ÷ Express 5 with serverless-express', 'warmHealth', '≤', 1.0, 1.2],
  ['warm `GET /health` ÷ Express with the same duties', 'warmDuties', '≤', 0.9, 0.9],
  ['warm signed-in `POST` ÷ Express by hand', 'warmQuests', '≤', 0.88, 0.88],
  ['local `GET /health`, requests/s ÷ plain Express', 'http', '≥', 0.8, 0.87],
  ['200 connections, requests/s ÷ Express by hand', 'load', '≥', 0.8, 0.8],
  ['200 connections, p99 ÷ that of Express by hand', 'loadP99', '≤', 0.5, 0.5],
  ['200 connections, errors', 'loadErrors', '≤', 0, 0],
  ['`unread-count` of 10,000, read units', 'pollUnits', '≤', 12, 12],
];

const versionOf = (node) => execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();

/** @param parts names of PARTS @param nodes paths of the Nodes to measure */
export async function measureGoals(parts, nodes, context) {
  const results = Object.fromEntries(nodes.map((node) => [versionOf(node), {}]));
  // The parts that load the machine most come last, on every Node.
  for (const part of parts) {
    for (const node of nodes) {
      say(`\n## ${part}, Node ${versionOf(node)}`);
      sayLoad();
      Object.assign(results[versionOf(node)], await PARTS[part]({ ...context, node }));
    }
  }
  const versions = Object.keys(results);
  say('\n## Goals');
  table(
    ['', ...versions.flatMap((version) => [`${version}: goal`, 'reached', ''])],
    GOALS.filter(([, name]) => name in results[versions[0]]).map(([what, name, sense, on20, on24]) => [
      what,
      ...versions.flatMap((version) => {
        const goal = version.startsWith('v20') ? on20 : on24;
        const value = results[version][name];
        const isReached = sense === '≤' ? value <= goal : value >= goal;
        return [`${sense} ${goal}`, round(value), isReached ? 'yes' : '**no**'];
      }),
    ]),
  );
}
