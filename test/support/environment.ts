import { randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/config.js';
import { ensureTable } from '../../src/local/table-definition.js';

export const sharedDirectory = process.env['HEARTH_TEST_DIRECTORY'] ?? '';
export const databaseEndpoint = process.env['HEARTH_TEST_DYNAMODB'] ?? '';
export const s3Endpoint = process.env['HEARTH_TEST_S3'] ?? '';

export type Environment = Record<string, string>;

const within = (milliseconds: string) => ({
  AWS_REQUEST_TIMEOUT_MS: milliseconds,
  AWS_CONNECTION_TIMEOUT_MS: milliseconds,
});
/** For a call to AWS: what a busy machine needs, too. Nothing that does not hang is given up. */
export const PATIENT = within('5000');
/** For tests in which something hangs on purpose. */
export const HASTY = within('1000');

/** A table, a bucket and a data directory of its own, with the secrets that all tests share. */
export async function isolatedEnvironment(overrides: Environment = {}): Promise<Environment> {
  const directory = await mkdtemp(join(sharedDirectory, 'data-'));
  await cp(join(sharedDirectory, 'secrets'), join(directory, 'secrets'), { recursive: true });
  const environment = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'debug',
    DYNAMODB_TABLE_NAME: `hearth-${randomUUID()}`,
    DYNAMODB_ENDPOINT: databaseEndpoint,
    S3_BUCKET_IMAGES: `hearth-${randomUUID()}`,
    S3_ENDPOINT: s3Endpoint,
    HEARTH_DATA_DIR: directory,
    RATE_LIMIT_AUTH_PER_MINUTE: '100000',
    RATE_LIMIT_TRACKING_PER_MINUTE: '100000',
    RATE_LIMIT_CHAT_PER_MINUTE: '100000',
    ...PATIENT,
    ...overrides,
  };
  await ensureTable(loadConfig({ ...environment, DYNAMODB_ENDPOINT: databaseEndpoint }));
  await mkdir(join(sharedDirectory, 's3', environment.S3_BUCKET_IMAGES));
  return environment;
}
