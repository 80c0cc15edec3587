// Warm requests through the handlers of the packaged function and of its peers, each in a process of its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { gatewayEvent } from '../scripts/lambda-sandbox.mjs';
import { bundleEnvironment, interleave, medians, round, say, table } from './measure.mjs';
import { TASK } from './starts.mjs';

/** The optimising compiler needs as many before figures stand still. */
const WARM_UP = { health: 10_000, quests: 2000 };

/** @param node the Node to measure @returns ratios of the goals */
export async function measureWarm({ node, ...context }) {
  const { apiDirectory, bundles, secrets } = context;
  const children = {};
  const open = (name, bundle, logLevel) => {
    children[name] = fork('bench/warm-child.cjs', [bundle], {
      env: bundleEnvironment(context, logLevel),
      execPath: node,
      execArgv: ['--no-warnings'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  };
  const hearth = join(apiDirectory, 'dist/lambda.js');
  open('Hearth', hearth, 'error');
  open('Hearth with its log line', hearth, 'info');
  for (const name of ['raw', 'hono', 'express', 'express with the same duties']) open(name, bundles[name]);
  const ask = async (child, event, times) => {
    child.send({ event, times });
    const [answer] = await once(child, 'message');
    if (answer.error) throw new Error(answer.error);
    return answer;
  };
  const measure = async (what, event, names, warmUp, times) => {
    const chosen = Object.fromEntries(names.map((name) => [name, children[name]]));
    for (const child of Object.values(chosen)) await ask(child, event, warmUp);
    const values = await interleave(chosen, 11, (child) => ask(child, event, times), `warm: ${what}`);
    const [us, cpuUs] = [medians(values, 'us'), medians(values, 'cpuUs')];
    say(`\nWarm ${what}, through the handler; ratios to express`);
    table(
      ['', 'µs', 'ratio', 'CPU µs', 'ratio'],
      names.map((name) => [
        name,
        round(us[name], 1),
        round(us[name] / us.express),
        round(cpuUs[name], 1),
        round(cpuUs[name] / cpuUs.express),
      ]),
    );
    return us;
  };
  const health = await measure(
    '`GET /health`',
    gatewayEvent('GET', '/health'),
    Object.keys(children),
    WARM_UP.health,
    3000,
  );
  const quests = await measure(
    '`POST /v1/quests`: token, validation, one put',
    gatewayEvent('POST', '/v1/quests', { body: TASK, token: secrets.token }),
    ['Hearth', 'express'],
    WARM_UP.quests,
    400,
  );
  for (const child of Object.values(children)) child.disconnect();
  return {
    warmHealth: health.Hearth / health.express,
    warmDuties: health['Hearth with its log line'] / health['express with the same duties'],
    warmQuests: quests.Hearth / quests.express,
  };
}
