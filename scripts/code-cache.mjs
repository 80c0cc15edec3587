// Adds V8's cache of the compiled API to its package, so that a start need not compile it: npm run code-cache
// The cache is of one Node, its options and an architecture: npm run code-cache -- path/to/node --expose-gc (several
// Nodes, one after the other, lie side by side). It holds what the first requests of most starts run.
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { gatewayEvent, openSandbox, signIn } from './lambda-sandbox.mjs';

const ZIP = '.serverless/api.zip';
const given = process.argv.slice(2);
const execArgv = given.filter((each) => each.startsWith('--'));
const named = given.find((each) => !each.startsWith('--'));
const execPath = named ?? process.env.HEARTH_TEST_NODE ?? process.execPath;

/** The bundle as main.js, which ends with its own name. */
function writeMain(bundle) {
  const main = join(dirname(bundle), 'main.js');
  if (!existsSync(main)) {
    const source = readFileSync(bundle);
    // esbuild leaves other characters in regular expressions, where the source has them instead of `\uXXXX`.
    const odd = source.findIndex((byte) => byte > 0x7f);
    if (odd >= 0)
      throw new Error(`Not ASCII: ${source.subarray(Math.max(0, odd - 60), odd + 20).toString()}`);
    const name = createHash('sha256').update(source).digest('hex').slice(0, 16);
    writeFileSync(main, Buffer.concat([source, Buffer.from(`\n//${name}`)]));
  }
  return main;
}

async function writeCache(main, events, env) {
  const child = fork('infra/bundle/write-cache.cjs', [main], { execPath, execArgv, env });
  child.send(events);
  const [cacheFile] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (typeof cacheFile !== 'string') throw new Error(`${execPath} ended with ${cacheFile}`);
  return cacheFile;
}

const sandbox = await openSandbox();
try {
  const env = { ...process.env, ...sandbox.environment, AWS_REGION: 'eu-north-1', LOG_LEVEL: 'error' };
  Object.assign(process.env, env);
  const token = await signIn(createRequire(import.meta.url)(sandbox.bundle).handler);
  const body = { type: 'task', title: 'Plan the week', dueDate: '2030-01-01' };
  const events = [
    gatewayEvent('GET', '/health'),
    gatewayEvent('POST', '/v1/quests', { body, token }),
    gatewayEvent('GET', '/v1/quests?from=2030-01-01&to=2030-01-31', { token }),
    gatewayEvent('GET', '/v1/user/profile', { token }),
  ];
  const main = writeMain(sandbox.bundle);
  const cacheFile = await writeCache(main, events, env);
  const files = {
    ...unzipSync(readFileSync(ZIP)),
    'dist/lambda.js': readFileSync('infra/bundle/cached-entry.cjs'),
    'dist/main.js': readFileSync(main),
    [`dist/${basename(cacheFile)}`]: readFileSync(cacheFile),
  };
  writeFileSync(ZIP, zipSync(files, { level: 9, mtime: '1980-01-01T00:00:00Z' }));
  const kilobytes = Math.round(files[`dist/${basename(cacheFile)}`].length / 1024);
  process.stdout.write(`${ZIP} has ${basename(cacheFile)}, ${kilobytes} KB\n`);
} finally {
  await sandbox.close();
}
process.exit();
