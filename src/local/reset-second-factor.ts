import { argv, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { canonicalEmail } from '../config/email-address.js';
import { resetSecondFactor } from '../workers/tasks.js';
import { withOfflineApp } from './offline-app.js';

/**
 * `npm run reset-second-factor -- --email ada@example.com`: for whoever has lost their phone and their backup codes. It removes
 * the factor, ends all sessions, and tells the address by mail. The server must not run.
 */
async function main(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...options], options: { email: { type: 'string' } } });
  const email = values.email && canonicalEmail(values.email);
  if (!email) throw new Error('Whose? npm run reset-second-factor -- --email ada@example.com');
  await withOfflineApp(async (app) => {
    const removed = await resetSecondFactor(app, email);
    if (removed === undefined) throw new Error(`There is no account with the address ${email}`);
    stdout.write(
      removed
        ? `The second factor of ${email} was removed, and all sessions were ended\n`
        : `${email} has no second factor; all sessions were ended\n`,
    );
  });
}

try {
  await main(argv.slice(2));
} catch (error) {
  stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
