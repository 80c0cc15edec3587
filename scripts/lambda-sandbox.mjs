// A place to run the packaged function in: the unzipped bundle outside the repository (whose "type": "module" it must
// not see), an embedded database in memory, an embedded S3, and somebody who is signed in.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

const PACKAGE = '.serverless';

/** Unzips each function of the package into a directory of its name. Says whether there is a package. */
export function unpack(directory) {
  const zips = existsSync(PACKAGE) ? readdirSync(PACKAGE).filter((name) => name.endsWith('.zip')) : [];
  for (const zip of zips) {
    const root = join(directory, basename(zip, '.zip'));
    for (const [name, bytes] of Object.entries(unzipSync(readFileSync(join(PACKAGE, zip))))) {
      if (name.endsWith('/')) continue;
      const file = join(root, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
  }
  return zips.length > 0;
}

export async function openSandbox() {
  const { loadConfig } = await import('../dist/config/config.js');
  const { EmbeddedDynamoDb } = await import('../dist/local/embedded-dynamodb.js');
  const { LOCAL_ACCESS } = await import('../dist/platform/aws-client.js');
  const { EmbeddedS3 } = await import('../dist/local/embedded-s3.js');
  const { ensureTable } = await import('../dist/local/table-definition.js');

  const directory = mkdtempSync(join(tmpdir(), 'hearth-sandbox-'));
  if (!unpack(directory)) throw new Error('There is no package. Run: npm run package');
  const database = await EmbeddedDynamoDb.start(undefined);
  const s3 = await EmbeddedS3.start(directory, ['hearth-development'], { keys: LOCAL_ACCESS });
  const environment = {
    S3_ENDPOINT: s3.endpoint,
    DYNAMODB_ENDPOINT: database.endpoint,
    HEARTH_DATA_DIR: join(directory, 'data'),
    RATE_LIMIT_AUTH_PER_MINUTE: '1000000',
    LOG_LEVEL: 'info',
  };
  await ensureTable(loadConfig(environment));
  return {
    directory,
    environment,
    bundle: join(directory, 'api/dist/lambda.js'),
    imagesBundle: join(directory, 'images/dist/images-lambda.js'),
    close: async () => {
      await Promise.all([database.stop(), s3.stop()]);
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

export const ACCOUNT = { email: 'alex@example.com', password: 'Demo-pa55word', name: 'Alex Example' };

/** Registers somebody through the function and gives back their access token. */
export async function signIn(handler) {
  await handler(gatewayEvent('POST', '/v1/auth/register', { body: ACCOUNT }), {});
  const { email, password } = ACCOUNT;
  const answer = await handler(gatewayEvent('POST', '/v1/auth/login', { body: { email, password } }), {});
  return JSON.parse(answer.body).data.accessToken;
}
