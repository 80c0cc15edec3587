// Makes the peers' bundles, each as its own documentation would, and Hearth's own source by esbuild's defaults.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';

const { options } = createRequire(import.meta.url)('../infra/bundle/esbuild.config.cjs');

/** @param directory where to put them, outside the repository */
export async function buildPeers(directory) {
  const outfile = (name) => join(directory, `${name}.cjs`);
  const plain = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' };
  const { define, banner, external } = options;
  await Promise.all([
    ...['raw', 'raw-quests', 'hono', 'express', 'express-duties'].map((name) =>
      build({ ...plain, minify: true, entryPoints: [`bench/peers/${name}.mjs`], outfile: outfile(name) }),
    ),
    build({
      ...plain,
      logLevel: 'silent',
      define,
      banner,
      external,
      entryPoints: ['dist/lambda.js'],
      outfile: outfile('default-build'),
    }),
  ]);
  return {
    raw: outfile('raw'),
    'raw quests': outfile('raw-quests'),
    hono: outfile('hono'),
    express: outfile('express'),
    'express with the same duties': outfile('express-duties'),
    'default build': outfile('default-build'),
  };
}
