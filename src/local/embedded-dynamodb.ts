import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { StartError } from './data-directory.js';
import { EmbeddedServer } from './embedded-server.js';
import { end, findByArguments } from './processes.js';

const START_TRIES = 5;

/** A DynamoDB in a child process, its data in one file. */
export class EmbeddedDynamoDb extends EmbeddedServer {
  /**
   * Ends what a killed run has left on the same file, then starts.
   * @param file undefined keeps the data in memory
   * @throws {StartError} where there is no binary for this platform.
   */
  static async start(directory: string | undefined): Promise<EmbeddedDynamoDb> {
    const binary = binaryPath();
    const file = directory === undefined ? undefined : join(directory, 'dynamodb.sqlite');
    if (file !== undefined) {
      for (const orphan of await findByArguments('--db-path', file)) await end(orphan);
    }
    for (let attempt = 1; ; attempt += 1) {
      const port = await freePort();
      const options = [
        'serve',
        '--host',
        '127.0.0.1',
        '--port',
        String(port),
        ...(file ? ['--db-path', file] : []),
      ];
      // In a group of its own, so that Ctrl-C reaches this process alone, which then ends it in order.
      const child = spawn(binary, options, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
      dieWithUs(child);
      if (await isListening(child)) return new EmbeddedDynamoDb(child, `http://127.0.0.1:${port}`);
      if (attempt >= START_TRIES) throw new StartError(`The embedded database ${binary} does not start.`);
    }
  }
}

/** @throws {StartError} where there is none, saying what to do. */
export function binaryPath(platform: string = process.platform, architecture: string = process.arch): string {
  const name = `@dynoxide/${platform}-${architecture}`;
  try {
    return createRequire(import.meta.url).resolve(`${name}/dynoxide`);
  } catch {
    throw new StartError(
      `There is no embedded database for ${platform}-${architecture}. Install ${name} if it exists, or set ` +
        'DYNAMODB_ENDPOINT to any DynamoDB-compatible endpoint, such as http://localhost:8000.',
    );
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** However this process ends, short of SIGKILL, the database does not outlive it. */
function dieWithUs(child: ChildProcess): void {
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
}

/** It says so on its first line; when somebody took the port meanwhile it says that, and ends. */
function isListening(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', () => resolve(false));
    child.stderr?.on('data', (chunk: Buffer) => {
      if (chunk.includes('listening on')) resolve(true);
    });
  });
}
