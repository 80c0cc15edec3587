// Sends one stored event through the packaged function: npm run invoke -- events/get-quests.v2.json
// {{token}} in the event becomes the token of somebody who has just registered.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { refuse } from './command-line.mjs';

const [file] = process.argv.slice(2);
if (!file) refuse('Which event? npm run invoke -- events/get-quests.v2.json');
if (!existsSync(file)) refuse(`There is no ${file}`);
if (!existsSync('.serverless/api.zip')) refuse('There is no package yet: npm run package');
const { openSandbox, signIn } = await import('./lambda-sandbox.mjs');
const sandbox = await openSandbox();
try {
  Object.assign(process.env, sandbox.environment);
  const { handler } = createRequire(import.meta.url)(sandbox.bundle);
  const event = readFileSync(file, 'utf8').replaceAll('{{token}}', await signIn(handler));
  const answer = await handler(JSON.parse(event), { awsRequestId: 'invoke' });
  process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
} catch (error) {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
} finally {
  await sandbox.close();
  process.exit();
}
