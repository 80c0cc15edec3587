import { randomBytes } from 'node:crypto';
import type { Config, Credentials } from '../config/config.js';
import { LOCAL_ACCESS } from '../platform/aws-client.js';
import { FileSecrets } from '../platform/secrets/file-secrets.js';
import { EmbeddedDynamoDb } from './embedded-dynamodb.js';
import { EmbeddedS3 } from './embedded-s3.js';
import type { EmbeddedServer } from './embedded-server.js';

/**
 * Starts what the configuration names no endpoint of.
 * @param started is called for each server at once, so that it can be stopped if the next one does not start
 * @returns the configuration with the endpoints, and with the credentials that go with them
 */
export async function withEmbeddedServers(
  { table, storage, ...config }: Config,
  directory: string,
  started: (server: EmbeddedServer, what: string) => void,
): Promise<Config> {
  let [ownTable, ownStorage] = [table, storage];
  if (table.endpoint === undefined) {
    const database = await EmbeddedDynamoDb.start(directory);
    started(database, 'database');
    ownTable = { ...table, endpoint: database.endpoint, credentials: LOCAL_ACCESS };
  }
  if (storage.endpoint === undefined) {
    const credentials = await keyPairOf({ table, storage, ...config });
    const buckets = [storage.imagesBucket, storage.uploadsBucket];
    // Beside the API's, so that it is the same after a restart.
    const port = config.port === 0 ? 0 : (config.port + 1) % 65_536;
    const origins = config.corsOrigins;
    const server = await EmbeddedS3.start(directory, buckets, { port, origins, keys: credentials });
    started(server, 'S3');
    const { endpoint } = server;
    const publicUrl = storage.publicUrl ?? `${endpoint}/${storage.imagesBucket}`;
    ownStorage = { ...storage, endpoint, publicUrl, credentials };
  }
  return { ...config, table: ownTable, storage: ownStorage };
}

/** The embedded S3's own, made with the data directory. */
async function keyPairOf(config: Config): Promise<Credentials> {
  const secrets = new FileSecrets(config);
  const made = {
    accessKeyId: randomBytes(10).toString('hex').toUpperCase(),
    secretAccessKey: randomBytes(30).toString('base64url'),
  };
  return ((await secrets.load('embedded-s3')) ?? (await secrets.create('embedded-s3', made))) as Credentials;
}
