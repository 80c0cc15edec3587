import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient, GetItemCommand, PutItemCommand, DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { loadConfig } from '../../src/config/config.js';
import { EmbeddedDynamoDb } from '../../src/local/embedded-dynamodb.js';
import { ensureTable } from '../../src/local/table-definition.js';
import { LOCAL_ACCESS } from '../../src/platform/aws-client.js';
import { databaseEndpoint, type Environment } from './environment.js';

interface Options {
  /** Transactions that overlap refuse each other, and some are still in progress. */
  readonly conflicts?: boolean;
  /** Milliseconds after which weak reads and indexes show a write: from, to. */
  readonly lag?: readonly [number, number];
}

type Attributes = Record<string, { S?: string }>;

interface Body {
  readonly TableName?: string;
  readonly ConsistentRead?: boolean;
  readonly IndexName?: string;
  readonly Key?: Attributes;
  readonly Item?: Attributes;
  readonly RequestItems?: Record<string, { readonly ConsistentRead?: boolean }>;
  readonly TransactItems?: readonly Record<
    string,
    { readonly TableName: string; readonly Key?: Attributes; readonly Item?: Attributes }
  >[];
}

interface Place {
  readonly table: string;
  readonly key: Attributes;
}

/** Long enough for others to meet a transaction that is under way, in milliseconds. */
const HELD_MS = 4;
const IN_PROGRESS_SHARE = 0.05;

const READS: ReadonlySet<string> = new Set(['GetItem', 'BatchGetItem', 'Query']);

/**
 * Stands before the database and behaves as DynamoDB does in a region, where the embedded engine is kinder: transactions
 * collide, and reads that are not consistent come from a copy that lags.
 */
export class RegionProxy {
  private readonly busy = new Map<string, number>();
  private readonly copying: Promise<void>[] = [];
  private readonly client = new DynamoDBClient({
    endpoint: databaseEndpoint,
    region: 'eu-north-1',
    credentials: LOCAL_ACCESS,
  });

  private constructor(
    private readonly server: Server,
    private readonly options: Options,
    private readonly copy: { readonly engine: EmbeddedDynamoDb; readonly client: DynamoDBClient } | undefined,
  ) {}

  /** @param environment of the application whose table it stands before */
  static async start(environment: Environment, options: Options): Promise<RegionProxy> {
    let copy: RegionProxy['copy'];
    if (options.lag) {
      const engine = await EmbeddedDynamoDb.start(undefined);
      await ensureTable(loadConfig({ ...environment, DYNAMODB_ENDPOINT: engine.endpoint }));
      const client = new DynamoDBClient({
        endpoint: engine.endpoint,
        region: 'eu-north-1',
        credentials: LOCAL_ACCESS,
      });
      copy = { engine, client };
    }
    const server = createServer({ keepAliveTimeout: 0 });
    const proxy = new RegionProxy(server, options, copy);
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
      proxy.handle(incoming, outgoing).catch(() => outgoing.destroy());
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Waits until weak reads show all that was written. */
  async caughtUp(): Promise<void> {
    await Promise.all(this.copying);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
    await this.caughtUp();
    this.client.destroy();
    this.copy?.client.destroy();
    await this.copy?.engine.stop();
  }

  private async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
    const body = JSON.parse(bytes.toString()) as Body;
    if (READS.has(operation)) {
      const from = this.copy && isWeak(body) ? this.copy.engine.endpoint : databaseEndpoint;
      return this.forward(from, incoming, bytes, outgoing);
    }
    const places = placesOf(body);
    if (this.options.conflicts && this.refusesAsBusy(operation, places, body, outgoing)) return undefined;
    const isTransaction = operation === 'TransactWriteItems';
    if (this.options.conflicts && isTransaction) this.hold(places, 1);
    try {
      if (this.options.conflicts && isTransaction) await pause(Math.random() * HELD_MS);
      await this.forward(databaseEndpoint, incoming, bytes, outgoing);
    } finally {
      if (this.options.conflicts && isTransaction) this.hold(places, -1);
    }
    if (this.copy) for (const place of places) this.copying.push(this.copyLater(place));
    return undefined;
  }

  private refusesAsBusy(
    operation: string,
    places: readonly Place[],
    body: Body,
    outgoing: ServerResponse,
  ): boolean {
    if (operation === 'TransactWriteItems' && Math.random() < IN_PROGRESS_SHARE) {
      refuse(outgoing, 'TransactionInProgressException');
      return true;
    }
    if (!places.some((place) => this.busy.has(nameOf(place)))) return false;
    if (operation !== 'TransactWriteItems') refuse(outgoing, 'TransactionConflictException');
    else
      refuse(outgoing, 'TransactionCanceledException', {
        CancellationReasons: (body.TransactItems ?? []).map((_, position) => ({
          Code: this.busy.has(nameOf(places[position] as Place)) ? 'TransactionConflict' : 'None',
        })),
      });
    return true;
  }

  private hold(places: readonly Place[], by: 1 | -1): void {
    for (const place of places) {
      const name = nameOf(place);
      const holders = (this.busy.get(name) ?? 0) + by;
      if (holders > 0) this.busy.set(name, holders);
      else this.busy.delete(name);
    }
  }

  /** Lets the copy have an item as it is after the lag. */
  private async copyLater({ table, key }: Place): Promise<void> {
    const [from, to] = this.options.lag ?? [0, 0];
    await pause(from + Math.random() * (to - from));
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: table, Key: key as never, ConsistentRead: true }),
    );
    const command = Item
      ? new PutItemCommand({ TableName: table, Item })
      : new DeleteItemCommand({ TableName: table, Key: key as never });
    await this.copy?.client.send(command as PutItemCommand);
  }

  private async forward(
    target: string,
    { headers, method, url }: IncomingMessage,
    bytes: Buffer,
    outgoing: ServerResponse,
  ): Promise<void> {
    const { hostname, port } = new URL(target);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ hostname, port, method, path: url, headers }, resolve).on('error', reject).end(bytes);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const { connection: _, 'transfer-encoding': __, ...others } = answer.headers;
    outgoing.writeHead(answer.statusCode ?? 500, others).end(Buffer.concat(chunks));
  }
}

function isWeak({ ConsistentRead, IndexName, RequestItems }: Body): boolean {
  if (IndexName !== undefined) return true;
  if (RequestItems) return Object.values(RequestItems).some((each) => each.ConsistentRead !== true);
  return ConsistentRead !== true;
}

const keyIn = ({ PK, SK }: Attributes): Attributes => ({ PK: PK ?? {}, SK: SK ?? {} });
const nameOf = ({ table, key }: Place) => `${table} ${key['PK']?.S} ${key['SK']?.S}`;

/** The items that a write is about, in the order of the request. */
function placesOf({ TableName = '', Key, Item, TransactItems = [] }: Body): Place[] {
  const single = Key ?? Item;
  if (single) return [{ table: TableName, key: keyIn(single) }];
  return TransactItems.flatMap((item) =>
    Object.values(item).map((each) => ({ table: each.TableName, key: keyIn(each.Key ?? each.Item ?? {}) })),
  );
}

function refuse(outgoing: ServerResponse, type: string, more: object = {}): void {
  const body = {
    __type: `com.amazonaws.dynamodb.v20120810#${type}`,
    message: 'made by the region proxy',
    ...more,
  };
  outgoing.writeHead(400, { 'Content-Type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}
