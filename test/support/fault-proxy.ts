import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What may happen to a request to DynamoDB; the last two to no other service. */
export const FAULTS = [
  'throttle',
  'request-limit',
  'internal-error',
  'bad-gateway',
  'reset-before',
  'reset-after',
  'hang',
  'hang-after',
  'garbage',
  'cut-answer',
  'conflict',
  'unprocessed',
] as const;
/** And one that stops in the middle of an answer, and a transaction whose first try has not ended yet. */
export type Fault = (typeof FAULTS)[number] | 'hang-body' | 'in-progress';

export interface Call {
  /** Such as `PutItem` or `GetObject`. */
  readonly operation: string;
  readonly body: string;
  /** Counts from 1. */
  readonly number: number;
}

/** Decides about each call; undefined lets it through. */
export type Plan = (call: Call) => Fault | undefined;

const ERRORS: Partial<Record<Fault, [number, string]>> = {
  throttle: [400, 'ProvisionedThroughputExceededException'],
  'request-limit': [400, 'RequestLimitExceeded'],
  'internal-error': [500, 'InternalServerError'],
};

/** Stands between the API and the database, or S3, and lets things go wrong on purpose. */
export class FaultProxy {
  plan: Plan = () => undefined;
  readonly calls: Call[] = [];
  private readonly waiting = new Set<ServerResponse>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  static async start(target: string): Promise<FaultProxy> {
    const server = createServer({ keepAliveTimeout: 0 });
    const proxy = new FaultProxy(server, new URL(target));
    server.on(
      'request',
      (incoming: IncomingMessage, outgoing: ServerResponse) =>
        void proxy.handle(incoming, outgoing).catch(() => outgoing.destroy()),
    );
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Lets the first `times` calls of an operation meet a fault. */
  fail(
    fault: Fault,
    { operation, times = Number.POSITIVE_INFINITY }: { operation?: string; times?: number } = {},
  ): void {
    let left = times;
    this.plan = (call) => {
      if ((operation !== undefined && call.operation !== operation) || left <= 0) return undefined;
      left -= 1;
      return fault;
    };
  }

  /**
   * Lets one call meet a fault, and each time that it is tried again; who hangs once is reset from then on, which costs no
   * time. Gives back whether it was made yet.
   * @param position among the calls that count, from 0
   */
  failOne(
    fault: Fault,
    position: number,
    counts: (operation: string) => boolean = () => true,
  ): () => boolean {
    let [body, seen, tries]: [string | undefined, number, number] = [undefined, 0, 0];
    this.plan = (call) => {
      if (counts(call.operation) && call.body !== body) {
        if (seen === position) ({ body } = call);
        seen += 1;
      }
      if (call.body !== body) return undefined;
      tries += 1;
      return fault === 'hang-after' && tries > 1 ? 'reset-after' : fault;
    };
    return () => body !== undefined;
  }

  heal(): void {
    this.plan = () => undefined;
    this.calls.length = 0;
    for (const response of this.waiting) response.destroy();
    this.waiting.clear();
  }

  async stop(): Promise<void> {
    this.heal();
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const operation = operationOf(incoming);
    const call = { operation, body: body.toString(), number: this.calls.length + 1 };
    this.calls.push(call);
    const fault = this.plan(call);
    const refusal = fault && ERRORS[fault];
    if (refusal) return isOfS3(incoming) ? slowDown(outgoing) : refuse(outgoing, ...refusal);
    switch (fault) {
      case 'bad-gateway':
        outgoing.writeHead(502, { 'Content-Type': 'text/html' }).end('<html>Bad Gateway</html>');
        return undefined;
      case 'reset-before':
        outgoing.destroy();
        return undefined;
      case 'hang':
        this.waiting.add(outgoing);
        return undefined;
      case 'garbage':
        outgoing.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.0' }).end('{"Item": <<<');
        return undefined;
      case 'conflict':
        return conflict(outgoing, call);
      case 'in-progress':
        return refuse(outgoing, 400, 'TransactionInProgressException');
      default:
        return this.forward(incoming, body, outgoing, fault);
    }
  }

  private async forward(
    incoming: IncomingMessage,
    body: Buffer,
    outgoing: ServerResponse,
    fault: Fault | undefined,
  ): Promise<void> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const { hostname, port } = this.target;
      const { headers, method, url } = incoming;
      request({ hostname, port, method, path: url, headers }, resolve).on('error', reject).end(body);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const status = answer.statusCode ?? 500;
    const { connection: _, 'transfer-encoding': _t, 'content-length': length, ...type } = answer.headers;
    if (fault === 'reset-after') outgoing.destroy();
    else if (fault === 'hang-after') this.waiting.add(outgoing);
    else if (fault === 'hang-body') {
      this.waiting.add(outgoing);
      outgoing.writeHead(status, { ...type, 'Content-Length': bytes.length + 10 }).write(bytes);
    } else if (fault === 'cut-answer') {
      outgoing.writeHead(status, { ...type, 'Content-Length': bytes.length + 10 });
      outgoing.write(bytes.subarray(0, bytes.length - 1), () => outgoing.destroy());
    } else if (fault === 'unprocessed') {
      const half = JSON.stringify(halfDone(JSON.parse(bytes.toString()) as BatchAnswer, body.toString()));
      outgoing.writeHead(status, type).end(half);
    } else {
      const size = incoming.method === 'HEAD' ? Number(length ?? 0) : bytes.length;
      outgoing.writeHead(status, { ...type, 'Content-Length': size }).end(bytes);
    }
  }
}

interface BatchAnswer {
  Responses?: Record<string, Record<string, unknown>[]>;
  UnprocessedKeys?: Record<string, unknown>;
}

/** A batch of which the last key was left undone. */
function halfDone(answer: BatchAnswer, body: string): BatchAnswer {
  const { RequestItems } = JSON.parse(body) as {
    RequestItems?: Record<string, { Keys: Record<string, unknown>[] }>;
  };
  for (const [table, { Keys }] of Object.entries(RequestItems ?? {})) {
    const undone = Keys.at(-1);
    if (Keys.length < 2 || !undone) continue;
    const isUndone = (item: Record<string, unknown>) =>
      ['PK', 'SK'].every((name) => JSON.stringify(item[name]) === JSON.stringify(undone[name]));
    answer.Responses = { [table]: (answer.Responses?.[table] ?? []).filter((item) => !isUndone(item)) };
    answer.UnprocessedKeys = { [table]: { Keys: [undone] } };
  }
  return answer;
}

const isOfS3 = ({ headers }: IncomingMessage): boolean => headers['x-amz-target'] === undefined;

/** DynamoDB names it in a header; of S3 it follows from method, query and headers. */
function operationOf({ headers, method = '', url = '' }: IncomingMessage): string {
  if (headers['x-amz-target'] !== undefined) return String(headers['x-amz-target']).split('.')[1] ?? '';
  if (url.includes('list-type=2')) return 'ListObjectsV2';
  if (method === 'PUT' && headers['x-amz-copy-source'] !== undefined) return 'CopyObject';
  return { GET: 'GetObject', HEAD: 'HeadObject', PUT: 'PutObject', POST: 'DeleteObjects' }[method] ?? method;
}

/** How S3 throttles. */
function slowDown(outgoing: ServerResponse): void {
  const body =
    '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>made by the proxy</Message></Error>';
  outgoing.writeHead(503, { 'Content-Type': 'application/xml' }).end(body);
}

function refuse(outgoing: ServerResponse, status: number, type: string, more: object = {}): void {
  const body = {
    __type: `com.amazonaws.dynamodb.v20120810#${type}`,
    message: 'made by the fault proxy',
    ...more,
  };
  outgoing.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}

/** Two writes met on one item: a transaction says which of its items, a single write only that it did. */
function conflict(outgoing: ServerResponse, { operation, body }: Call): void {
  if (operation !== 'TransactWriteItems') return refuse(outgoing, 400, 'TransactionConflictException');
  const { TransactItems } = JSON.parse(body) as { TransactItems: unknown[] };
  const CancellationReasons = TransactItems.map((_, position) =>
    position === 0
      ? { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' }
      : { Code: 'None' },
  );
  return refuse(outgoing, 400, 'TransactionCanceledException', { CancellationReasons });
}
