// Sends one stored event through the packaged function: npm run invoke -- events/get-quests.v2.json
// {{token}} in the event becomes the token of somebody who has just registered.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { openSandbox, signIn } from './lambda-sandbox.mjs';

const [file] = process.argv.slice(2);
if (!file) {
  process.stderr.write('Which event? npm run invoke -- events/get-quests.v2.json\n');
  process.exit(2);
}
const sandbox = await openSandbox();
try {
  Object.assign(process.env, sandbox.environment);
  const { handler } = createRequire(import.meta.url)(sandbox.bundle);
  const event = readFileSync(file, 'utf8').replaceAll('{{token}}', await signIn(handler));
  const answer = await handler(JSON.parse(event), { awsRequestId: 'invoke' });
  process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
} finally {
  await sandbox.close();
  process.exit();
}
