// Builds when the output is older than any source, or is not there.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';

const newest = (path) => {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return path.endsWith('.spec.ts') ? 0 : stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(`${path}/${name}`)));
};

const sources = ['src', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
const built = Math.min(newest('dist/main.js'), newest('dist/docs/openapi.json.gz'));
if (built <= Math.max(...sources.map(newest))) {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  process.exit(status ?? 1);
}
