import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export default async function tearDown() {
  if (process.env.HEARTH_RECORD_CALLS !== undefined)
    writeRecord(join(globalThis.hearthTestDirectory, 'calls'));
  await Promise.all((globalThis.hearthTestServers ?? []).map((server) => server.stop()));
  rmSync(globalThis.hearthTestDirectory, { recursive: true, force: true });
}

/** What the functions asked AWS for in this run (test/support/aws-calls.ts), into infra/aws-calls.json. */
function writeRecord(directory) {
  const files = existsSync(directory) ? readdirSync(directory) : [];
  const lines = files.flatMap((name) => readFileSync(join(directory, name), 'utf8').trim().split('\n'));
  const record = {};
  for (const line of [...new Set(lines)].sort()) {
    const [, name, call] = /^(\w+) (.*)$/.exec(line);
    (record[name] ??= []).push(call);
  }
  writeFileSync('infra/aws-calls.json', `${JSON.stringify(record, null, 2)}\n`);
}
