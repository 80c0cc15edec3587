// The Nodes that are measured: the one at hand, and the other of 20 and 24, from the npm registry unless it is named.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** @param directory where it may be installed @returns their paths */
export function nodesIn(directory) {
  const named = process.env.HEARTH_TEST_NODE;
  if (named !== undefined) return [process.execPath, named];
  const other = process.version.startsWith('v24.') ? 20 : 24;
  const name = `node-${process.platform}-${process.arch}`;
  const options = ['--prefix', directory, '--no-save', '--no-audit', '--no-fund', '--silent'];
  spawnSync('npm', ['install', ...options, `${name}@${other}`], { stdio: 'ignore' });
  const path = join(directory, 'node_modules', name, 'bin/node');
  if (existsSync(path)) return [process.execPath, path];
  process.stderr.write(`${name}@${other} could not be installed: only ${process.version} is measured\n`);
  return [process.execPath];
}
