// Makes the deployment package offline and without credentials. A failing esbuild step can leave the framework
// hanging, so that it runs under a time limit. Options are passed on: npm run package -- --stage prod
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LIMIT_MS = 5 * 60_000;
const run = (command, ...options) => {
  const { status, error } = spawnSync(command, options, { stdio: 'inherit', timeout: LIMIT_MS });
  if (error ?? status) {
    process.stderr.write(`${[command, ...options].join(' ')} failed${error ? `: ${error.message}` : ''}\n`);
    process.exit(1);
  }
};

run('npx', '--no-install', 'serverless', 'package', ...process.argv.slice(2));
const kilobytes = (file) => `${Math.round(statSync(file).size / 1024)} KB`;
for (const zip of readdirSync('.serverless').filter((name) => name.endsWith('.zip'))) {
  const file = join('.serverless', zip);
  process.stdout.write(`${file} ${kilobytes(file)}\n`);
}
