import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from '@jest/globals';
import { findByArguments } from '../../src/local/processes.js';
import { sharedDirectory } from './environment.js';

export const ACCOUNT = { email: 'ada@example.com', password: 'Corr3ct-horse' };

/** `npm start` without npm. */
export class Started {
  private static readonly all: Started[] = [];
  readonly output: string[] = [];

  private constructor(
    readonly child: ChildProcess,
    readonly directory: string,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.output.push(line));
    }
    Started.all.push(this);
  }

  static async begin(directory?: string, environment: Record<string, string> = {}): Promise<Started> {
    const data = directory ?? (await mkdtemp(join(sharedDirectory, 'local-')));
    const { PATH } = process.env;
    const child = spawn(process.execPath, ['dist/main.js'], {
      env: { PATH, HEARTH_DATA_DIR: data, PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Started(child, data);
  }

  static async up(directory?: string, environment?: Record<string, string>): Promise<Started> {
    const started = await Started.begin(directory, environment);
    while (started.url === undefined && started.child.exitCode === null) await nextLine(started.child);
    if (started.url === undefined) throw new Error(started.output.join('\n'));
    return started;
  }

  static async endAll(): Promise<void> {
    await Promise.all(Started.all.splice(0).map((started) => started.end('SIGTERM')));
  }

  get url(): string | undefined {
    return this.output
      .map((line) => /^Hearth is at\s+(\S+)/.exec(line)?.[1])
      .find((url) => url !== undefined);
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const gone = once(this.child, 'exit');
    this.child.kill(signal);
    return ((await gone) as [number | null])[0];
  }

  databases(): Promise<number[]> {
    return findByArguments('--db-path', join(this.directory, 'dynamodb.sqlite'));
  }

  async call(method: string, path: string, body?: object, token?: string) {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    // oxlint-disable-next-line typescript/no-explicit-any
    return { status: response.status, body: (await response.json()) as any };
  }

  async signIn(): Promise<string> {
    const { body } = await this.call('POST', '/v1/auth/login', ACCOUNT);
    return body.data.accessToken;
  }

  async titles(): Promise<string[]> {
    const { body } = await this.call('GET', '/v1/quests?type=task&limit=100', undefined, await this.signIn());
    return body.data.map(({ title }: { title: string }) => title);
  }

  async addTask(title: string): Promise<void> {
    const task = { type: 'task', title, dueDate: '2025-06-25' };
    const { status } = await this.call('POST', '/v1/quests', task, await this.signIn());
    expect(status).toBe(201);
  }
}

/** Runs a command of a laptop, such as `sweep`, on a data directory. */
export async function runCommand(name: string, directory: string, ...options: string[]) {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [`dist/local/${name}.js`, ...options], {
    env: { PATH, HEARTH_DATA_DIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

const nextLine = (child: ChildProcess) =>
  Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), once(child, 'exit')]);
