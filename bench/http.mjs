// Requests a second of the local server, beside plain Express with the same duties.
import autocannon from 'autocannon';
import { interleave, medians, round, say, table } from './measure.mjs';
import { startServers, stopServers } from './servers.mjs';

/** @param node the Node to measure @returns ratios of the goals */
export async function measureHttp({ environment, secrets, node }) {
  const servers = await startServers(node, { ...environment, ...secrets });
  const load = ({ url }, duration) => autocannon({ url: `${url}/health`, connections: 20, duration });
  for (const server of Object.values(servers)) await load(server, 3);
  const values = await interleave(
    servers,
    5,
    async (server) => ({ perSecond: (await load(server, 3)).requests.average }),
    'http',
  );
  await stopServers(servers);
  const perSecond = medians(values, 'perSecond');
  say('\nLocal HTTP, `GET /health`, 20 connections');
  table(
    ['', 'requests/s', 'Hearth ÷ this'],
    Object.entries(perSecond).map(([name, rate]) => [name, Math.round(rate), round(perSecond.Hearth / rate)]),
  );
  return { http: perSecond.Hearth / perSecond['Express 5'] };
}
