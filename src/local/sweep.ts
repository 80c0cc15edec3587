import { argv, stderr, stdout } from 'node:process';
import { runTask } from '../workers/tasks.js';
import { withOfflineApp } from './offline-app.js';

/**
 * `npm run sweep [-- --confirm]`: removes objects that nothing names, as the server does once a day; with `--confirm` also when
 * they are many. The server must not run.
 */
async function main(options: readonly string[]): Promise<void> {
  const unknown = options.find((option) => option !== '--confirm');
  if (unknown !== undefined) throw new Error(`${unknown} is no option of this command; --confirm is`);
  await withOfflineApp(async (app, logger) => {
    const confirmed = options.includes('--confirm');
    const { uploads, objects, withheld } = (await runTask(app, 'sweepImages', logger, {
      confirmed,
    })) as { uploads: number; objects: number; withheld?: string };
    if (withheld !== undefined) throw new Error(withheld);
    stdout.write(`Removed: ${uploads} uploads that nobody completed, ${objects} objects without a record\n`);
  });
}

try {
  await main(argv.slice(2));
} catch (error) {
  stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
