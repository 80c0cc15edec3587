// A place to run the packaged function in: the unzipped bundle outside the repository (whose "type": "module" it must
// not see), an embedded database in memory, and somebody who is signed in.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

const ZIP = '.serverless/hearth.zip';

/** Unzips the package, if there is one. */
export function unpack(directory) {
  if (!existsSync(ZIP)) return false;
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(ZIP)))) {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  return true;
}

export async function openSandbox() {
  const { loadConfig } = await import('../dist/config/config.js');
  const { EmbeddedDynamoDb } = await import('../dist/local/embedded-dynamodb.js');
  const { ensureTable } = await import('../dist/local/table-definition.js');

  const directory = mkdtempSync(join(tmpdir(), 'hearth-sandbox-'));
  if (!unpack(directory)) throw new Error('There is no package. Run: npm run package');
  const database = await EmbeddedDynamoDb.start(undefined);
  const environment = {
    DYNAMODB_ENDPOINT: database.endpoint,
    HEARTH_DATA_DIR: join(directory, 'data'),
    RATE_LIMIT_AUTH_PER_MINUTE: '1000000',
    LOG_LEVEL: 'info',
  };
  await ensureTable(loadConfig(environment));
  return {
    directory,
    environment,
    bundle: join(directory, 'dist/lambda.js'),
    close: async () => {
      await database.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A request as an HTTP API sends it. */
export function gatewayEvent(method, path, { body, token } = {}) {
  const [rawPath, rawQueryString = ''] = path.split('?');
  return {
    version: '2.0',
    rawPath,
    rawQueryString,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    requestContext: { http: { method, path: rawPath, sourceIp: '192.0.2.1' }, stage: '$default' },
    ...(body && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  };
}

/** Registers somebody through the function and gives back their access token. */
export async function signIn(handler) {
  const account = { email: 'alex@example.com', password: 'Demo-pa55word', name: 'Alex Example' };
  await handler(gatewayEvent('POST', '/v1/auth/register', { body: account }), {});
  const { email, password } = account;
  const answer = await handler(gatewayEvent('POST', '/v1/auth/login', { body: { email, password } }), {});
  return JSON.parse(answer.body).data.accessToken;
}
