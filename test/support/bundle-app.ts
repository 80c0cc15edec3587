import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Environment, sharedDirectory } from './environment.js';
import { version2Event } from './gateway-events.js';
import type { LogLine, PlainRequest, PlainResponse, RunningApp } from './transport.js';

interface GatewayResult {
  readonly statusCode: number;
  readonly headers?: Record<string, string>;
  readonly multiValueHeaders?: Record<string, string[]>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
  readonly cookies?: string[];
}

const BUNDLE = join(sharedDirectory, 'bundle/dist/lambda.js');

/** The packaged function in a process of its own, on the Node of HEARTH_TEST_NODE if that is set. */
export class BundleApp implements RunningApp {
  readonly logs: LogLine[] = [];
  private readonly waiting = new Map<string, (message: { result?: GatewayResult; error?: string }) => void>();

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (message: { id: string; result?: GatewayResult; error?: string }) => {
      this.waiting.get(message.id)?.(message);
      this.waiting.delete(message.id);
    });
    child.on('exit', (code) => {
      for (const answer of this.waiting.values())
        answer({ error: `The function's process ended with ${code}` });
    });
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      if (line.startsWith('{')) this.logs.push(JSON.parse(line) as LogLine);
    });
  }

  static async start(environment: Environment): Promise<BundleApp> {
    if (!existsSync(BUNDLE)) throw new Error('There is no deployment package. Run: npm run package');
    const execPath = process.env['HEARTH_TEST_NODE'] ?? process.execPath;
    const child = fork('test/support/bundle-runner.cjs', [BUNDLE], {
      env: {
        ...environment,
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        PATH: process.env['PATH'],
      },
      execPath,
      execArgv: [],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    return new BundleApp(child);
  }

  async invoke(event: unknown): Promise<GatewayResult> {
    const id = randomUUID();
    const { result, error } = await new Promise<{ result?: GatewayResult; error?: string }>((resolve) => {
      this.waiting.set(id, resolve);
      if (this.child.connected) this.child.send({ id, event });
      else resolve({ error: `The function's process ended with ${this.child.exitCode}` });
    });
    if (!result) throw new Error(error);
    return result;
  }

  async send(request: PlainRequest): Promise<PlainResponse> {
    return plain(await this.invoke(version2Event(request)));
  }

  async stop(): Promise<void> {
    if (!this.child.connected) return;
    const gone = once(this.child, 'exit');
    this.child.disconnect();
    await gone;
  }
}

/** What the gateway makes of a function's answer. */
export function plain({
  statusCode,
  headers = {},
  multiValueHeaders = {},
  body,
  isBase64Encoded,
}: GatewayResult): PlainResponse {
  const joined = Object.entries(multiValueHeaders).map(([name, values]) => [name, values.join(',')]);
  const all = { ...headers, ...Object.fromEntries(joined) } as Record<string, string>;
  const lowered = Object.fromEntries(Object.entries(all).map(([name, value]) => [name.toLowerCase(), value]));
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return { status: statusCode, headers: lowered, text: bytes.toString() };
}
