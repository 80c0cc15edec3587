// One embedded database and one S3 for all test files (each makes a table and a bucket of its own), one set of secrets
// (an RSA key takes a while), and the unzipped deployment package, outside the repository whose "type": "module" it must
// not see.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpack } from '../../scripts/lambda-sandbox.mjs';

export default async function setUp() {
  execFileSync('node', ['scripts/build-if-needed.mjs'], { stdio: 'inherit' });
  const { EmbeddedDynamoDb } = await import('../../dist/local/embedded-dynamodb.js');
  const { EmbeddedS3 } = await import('../../dist/local/embedded-s3.js');
  const { LOCAL_ACCESS } = await import('../../dist/platform/aws-client.js');
  const { generateSigningKey } = await import('../../dist/platform/identity/local/signing-keys.js');

  const directory = mkdtempSync(join(tmpdir(), 'hearth-test-'));
  const database = await EmbeddedDynamoDb.start(undefined);
  const s3 = await EmbeddedS3.start(directory, [], { keys: LOCAL_ACCESS });
  globalThis.hearthTestServers = [database, s3];
  globalThis.hearthTestDirectory = directory;

  mkdirSync(join(directory, 'secrets'));
  const keys = { keys: [await generateSigningKey(0)] };
  writeFileSync(join(directory, 'secrets', 'signing-keys.json'), JSON.stringify(keys));

  unpack(join(directory, 'bundle'));
  process.env.HEARTH_TEST_DIRECTORY = directory;
  // Another engine in its place: npm run test:endpoint.
  process.env.HEARTH_TEST_DYNAMODB = process.env.HEARTH_TEST_ENDPOINT ?? database.endpoint;
  process.env.HEARTH_TEST_S3 = s3.endpoint;
}
