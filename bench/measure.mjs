// What every benchmark shares: medians over interleaved rounds, and tables in Markdown.
import { loadavg } from 'node:os';

export const say = (text) => process.stdout.write(`${text}\n`);
export const round = (value, digits = 2) => value.toFixed(digits);
export const median = (values) =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];

export function table(head, rows) {
  say(`\n| ${head.join(' | ')} |\n|${head.map(() => '---').join('|')}|`);
  for (const row of rows) say(`| ${row.join(' | ')} |`);
}

/** Runs every peer once a round, the order turned each time, and gives back each one's values. */
export async function interleave(peers, rounds, measure, what) {
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

/** The median of one figure of each peer's values, such as `ms`. */
export const medians = (values, figure) =>
  Object.fromEntries(
    Object.entries(values).map(([name, each]) => [name, median(each.map((value) => value[figure]))]),
  );

/** What a bundle is run with, in a process of its own. */
export const bundleEnvironment = ({ environment, secrets }, LOG_LEVEL = 'error') => ({
  PATH: process.env.PATH,
  AWS_REGION: 'eu-north-1',
  ...environment,
  ...secrets,
  LOG_LEVEL,
});

/** What else runs on the machine spoils wall times; CPU times move less. */
export function sayLoad() {
  const [load] = loadavg();
  say(
    `Load of the machine: ${round(load)}${load > 1.5 ? '. WARNING: above 1.5, wall times say little.' : ''}`,
  );
}
