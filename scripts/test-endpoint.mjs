// npm run test:endpoint: the e2e tests against the engine at DYNAMODB_ENDPOINT (jest.config.mjs says what is left out).
import { spawnSync } from 'node:child_process';

const endpoint = process.env.DYNAMODB_ENDPOINT;
if (!endpoint) {
  process.stderr.write('DYNAMODB_ENDPOINT must name the engine, such as http://localhost:8000\n');
  process.exit(1);
}
const patterns = process.argv.slice(2);
const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
const { status } = spawnSync(
  process.execPath,
  [...jest, '--selectProjects', 'e2e', ...(patterns.length > 0 ? ['--', ...patterns] : [])],
  { stdio: 'inherit', env: { ...process.env, HEARTH_TEST_ENDPOINT: endpoint } },
);
process.exit(status ?? 1);
