// 200 connections at once: five gets, three lists of 20 and two creates in ten, signed in, over an engine in memory.
import autocannon from 'autocannon';
import { ACCOUNT } from '../scripts/lambda-sandbox.mjs';
import { interleave, medians, round, say, table } from './measure.mjs';
import { startServers, stopServers } from './servers.mjs';
import { TASK } from './starts.mjs';

const MIX = 'GLGCGLGGLC';

/** @param node the Node to measure @returns ratios of the goals, and how many requests failed */
export async function measureLoad({ environment, secrets, node }) {
  const servers = await startServers(node, { ...environment, ...secrets });
  for (const [name, server] of Object.entries(servers)) {
    // Hearth's tokens name the server that issued them.
    const token = name === 'Hearth' ? await signInAt(server.url) : secrets.token;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const create = { method: 'POST', path: '/v1/quests', headers, body: JSON.stringify(TASK) };
    const made = await Promise.all(
      Array.from({ length: 20 }, () => answerOf(fetch(`${server.url}${create.path}`, create))),
    );
    const get = { method: 'GET', path: `/v1/quests/${made[0].id}?type=task`, headers };
    const list = { method: 'GET', path: '/v1/quests?from=2030-01-01&to=2030-01-31&limit=20', headers };
    const known = { G: get, L: list, C: create };
    server.requests = [...MIX].map((kind) => known[kind]);
  }
  const run = async ({ url, requests }, duration) => {
    const result = await autocannon({ url, requests, connections: 200, duration, timeout: 30 });
    const failed = result.errors + result.timeouts + result.non2xx;
    return { perSecond: result.requests.average, p99: result.latency.p99, failed };
  };
  for (const server of Object.values(servers)) await run(server, 5);
  const values = await interleave(servers, 3, (server) => run(server, 8), 'load');
  await stopServers(servers);
  const [perSecond, p99] = [medians(values, 'perSecond'), medians(values, 'p99')];
  const failed = (name) => values[name].reduce((sum, each) => sum + each.failed, 0);
  say('\n200 connections, 5 gets, 3 lists of 20 and 2 creates in ten');
  table(
    ['', 'requests/s', 'Hearth ÷ this', 'p99 ms', 'Hearth ÷ this', 'errors'],
    Object.keys(values).map((name) => [
      name,
      Math.round(perSecond[name]),
      round(perSecond.Hearth / perSecond[name]),
      Math.round(p99[name]),
      round(p99.Hearth / p99[name]),
      failed(name),
    ]),
  );
  return {
    load: perSecond.Hearth / perSecond['Express 5'],
    loadP99: p99.Hearth / p99['Express 5'],
    loadErrors: failed('Hearth'),
  };
}

async function answerOf(request) {
  const response = await request;
  if (!response.ok) throw new Error(`${response.url} was answered ${response.status}`);
  return (await response.json()).data;
}

async function signInAt(url) {
  const { email, password } = ACCOUNT;
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ email, password });
  return (await answerOf(fetch(`${url}/v1/auth/login`, { method: 'POST', headers, body }))).accessToken;
}
