import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** What follows the dot in X-Amz-Target, if that is there. */
  readonly operation: string;
  /** Parsed, or as bytes where it is no JSON. */
  // A script looks into what it was sent.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** A status and a JSON body; or nothing, which leaves the caller waiting. */
export type Reply =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly text?: string;
      /** In the middle of the body: ends the connection, or says no more. */
      readonly cut?: 'reset' | 'stall';
    }
  | undefined;

/** Plays another service on 127.0.0.1. */
export class ScriptedServer {
  readonly requests: ScriptedRequest[] = [];
  private readonly waiting = new Set<ServerResponse>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(script: (request: ScriptedRequest) => Reply | Promise<Reply>): Promise<ScriptedServer> {
    const server = createServer({ keepAliveTimeout: 0 });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    server.unref();
    const { port } = server.address() as AddressInfo;
    const scripted = new ScriptedServer(server, `http://127.0.0.1:${port}`);
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
      scripted.handle(incoming, outgoing, script).catch(() => outgoing.destroy());
    });
    return scripted;
  }

  async stop(): Promise<void> {
    for (const response of this.waiting) response.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private async handle(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    script: (request: ScriptedRequest) => Reply | Promise<Reply>,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const isJson = incoming.headers['content-type']?.includes('json') === true;
    const request: ScriptedRequest = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: incoming.headers,
      operation: String(incoming.headers['x-amz-target'] ?? '').split('.')[1] ?? '',
      body: bytes.length === 0 ? undefined : isJson ? JSON.parse(bytes.toString()) : bytes,
    };
    this.requests.push(request);
    const reply = await script(request);
    if (!reply) {
      this.waiting.add(outgoing);
      return;
    }
    const type = reply.text === undefined ? 'application/x-amz-json-1.1' : 'text/plain';
    const body = Buffer.from(reply.text ?? JSON.stringify(reply.body ?? {}));
    outgoing.writeHead(reply.status ?? 200, { 'Content-Type': type, ...reply.headers });
    if (reply.cut === undefined) {
      outgoing.end(body);
      return;
    }
    outgoing.write(body.subarray(0, body.length / 2), () => {
      if (reply.cut === 'reset') outgoing.destroy();
      else this.waiting.add(outgoing);
    });
  }
}

/** A refusal as services that speak AWS's JSON protocols write it. */
export const refusal = (type: string, message = 'scripted', status = 400): Reply => ({
  status,
  body: { __type: type, message },
});
