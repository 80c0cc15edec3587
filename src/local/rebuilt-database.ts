import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import {
  type AttributeValue,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { LOCAL_ACCESS } from '../platform/aws-client.js';
import { StartError } from './data-directory.js';
import { binaryPath, EmbeddedDynamoDb } from './embedded-dynamodb.js';

const wholeOf = (file: string) => `${file}.whole`;

/**
 * Writes a database anew from its items, without the pages of what was deleted. The new file takes the place of the old one
 * only when it is whole and on the disk; time to live is switched on by the start that follows.
 * @throws {StartError} when it cannot be written; the old one is as it was
 */
export async function rebuildDatabase(file: string): Promise<void> {
  const work = `${file}.rebuilt`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { mode: 0o700 });
  try {
    await exportTables(file, work);
    const output = join(work, 'dynamodb.sqlite');
    await importInto(output, work);
    await sync(output);
    await rename(output, wholeOf(file));
    await sync(dirname(file));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  await finishRebuild(file);
}

/** Puts a whole new database in the place of the old one, also after a run that died between. */
export async function finishRebuild(file: string): Promise<void> {
  if (!existsSync(wholeOf(file))) return;
  for (const ending of ['-wal', '-shm']) await rm(`${file}${ending}`, { force: true });
  await rename(wholeOf(file), file);
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** In the format of DynamoDB's export to S3, which the engine imports: `<table>/data/0.json.gz`, one item a line. */
async function exportTables(file: string, work: string): Promise<void> {
  const database = await EmbeddedDynamoDb.start(dirname(file));
  const { endpoint } = database;
  const client = new DynamoDBClient({ endpoint, region: 'local', credentials: LOCAL_ACCESS });
  try {
    const { TableNames = [] } = await client.send(new ListTablesCommand({}));
    const schemas = [];
    for (const TableName of TableNames) {
      schemas.push(await client.send(new DescribeTableCommand({ TableName })));
      const data = join(work, TableName, 'data');
      await mkdir(data, { recursive: true });
      await pipeline(
        Readable.from(linesOf(client, TableName)),
        createGzip(),
        createWriteStream(join(data, '0.json.gz')),
      );
    }
    await writeFile(join(work, 'schema.json'), JSON.stringify(schemas.map(({ Table }) => ({ Table }))));
  } finally {
    client.destroy();
    await database.stop();
  }
}

async function* linesOf(client: DynamoDBClient, TableName: string): AsyncGenerator<string> {
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName, ExclusiveStartKey, ConsistentRead: true }));
    for (const Item of page.Items ?? []) yield `${JSON.stringify({ Item }, binaryAsBase64)}\n`;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

const binaryAsBase64 = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;

async function importInto(output: string, work: string): Promise<void> {
  const options = ['import', '--source', work, '--schema', join(work, 'schema.json'), '--output', output];
  const child = spawn(binaryPath(), options, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new StartError(`The database cannot be rebuilt: ${said.trim().slice(-500)}`);
}
