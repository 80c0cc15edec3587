import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Environment, sharedDirectory } from './environment.js';
import type { LogLine } from './transport.js';

/** What a function gave, or what it threw. */
export interface Outcome {
  readonly result?: unknown;
  readonly error?: string;
}

/** A function of the deployment package in a process of its own, on the Node of HEARTH_TEST_NODE if that is set. */
export class PackagedFunction {
  private readonly waiting = new Map<string, (outcome: Outcome) => void>();

  private constructor(
    private readonly child: ChildProcess,
    logs: LogLine[],
  ) {
    child.on('message', ({ id, ...outcome }: Outcome & { id: string }) => {
      this.waiting.get(id)?.(outcome);
      this.waiting.delete(id);
    });
    child.on('exit', (code) => {
      for (const answer of this.waiting.values())
        answer({ error: `The function's process ended with ${code}` });
    });
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      if (line.startsWith('{')) logs.push(JSON.parse(line) as LogLine);
    });
  }

  /** @param file the function's name and its bundle in it, such as `api/dist/lambda.js` @param logs takes its log */
  static start(file: string, environment: Environment, logs: LogLine[] = []): PackagedFunction {
    const bundle = join(sharedDirectory, 'bundle', file);
    if (!existsSync(bundle)) throw new Error('There is no deployment package. Run: npm run package');
    const child = fork('test/support/bundle-runner.cjs', [bundle], {
      env: {
        ...environment,
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        PATH: process.env['PATH'],
      },
      execPath: process.env['HEARTH_TEST_NODE'] ?? process.execPath,
      execArgv: [],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    return new PackagedFunction(child, logs);
  }

  invoke(event: unknown): Promise<Outcome> {
    const id = randomUUID();
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      if (this.child.connected) this.child.send({ id, event });
      else resolve({ error: `The function's process ended with ${this.child.exitCode}` });
    });
  }

  async stop(): Promise<void> {
    if (!this.child.connected) return;
    const gone = once(this.child, 'exit');
    this.child.disconnect();
    await gone;
  }
}
