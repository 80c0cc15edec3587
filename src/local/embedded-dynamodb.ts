import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { StartError } from './data-directory.js';
import { EmbeddedServer } from './embedded-server.js';
import { end, findByArguments } from './processes.js';

const START_TRIES = 5;

export const databaseFileIn = (directory: string) => join(directory, 'dynamodb.sqlite');

/** A DynamoDB in a child process, its data in one file. */
export class EmbeddedDynamoDb extends EmbeddedServer {
  /**
   * Ends what a killed run has left on the same file, then starts.
   * @param file undefined keeps the data in memory
   * @throws {StartError} where there is no binary for this platform.
   */
  static async start(directory: string | undefined): Promise<EmbeddedDynamoDb> {
    const binary = binaryPath();
    const file = directory === undefined ? undefined : databaseFileIn(directory);
    if (file !== undefined) {
      for (const orphan of await findByArguments('--db-path', file)) await end(orphan);
    }
    let said = '';
    for (let attempt = 1; attempt <= START_TRIES; attempt += 1) {
      const host = await localAddress();
      const port = await freePort(host);
      const options = ['serve', '--host', host, '--port', String(port), ...(file ? ['--db-path', file] : [])];
      // In a group of its own, so that Ctrl-C reaches this process alone, which then ends it in order.
      const child = spawn(binary, options, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
      dieWithUs(child);
      const outcome = await started(child);
      if (outcome === 'listening') return new EmbeddedDynamoDb(child, `http://${host}:${port}`);
      said = outcome.said;
      if (file && DAMAGED.test(said)) break;
    }
    const what =
      file && DAMAGED.test(said) ? damaged(file) : `The embedded database ${binary} does not start`;
    throw new StartError(`${what}: ${said || 'it says nothing'}`);
  }
}

/** What SQLite says of a file that is none of its own, or not a whole one. */
const DAMAGED = /not a database|malformed|corrupt|disk image|encrypted/i;

const damaged = (file: string) =>
  `The database ${file} is damaged. Restore it from a backup; or move it away, with the files beside it that begin with its ` +
  'name, to begin with an empty one (photos stay where they are)';

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

/**
 * The engine checks no key, so that whoever finds it may use it: a random address of 127.0.0.0/8 where the system has all of
 * them (Linux has), and a random port on it, are 2^38 places to look at.
 */
async function localAddress(): Promise<string> {
  const address = `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;
  try {
    await freePort(address);
    return address;
  } catch {
    return '127.0.0.1';
  }
}

async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
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

/** It says so on its first line; when somebody took the port meanwhile, or the file is damaged, it says that, and ends. */
function started(child: ChildProcess): Promise<'listening' | { readonly said: string }> {
  let said = '';
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ said: message }));
    child.once('close', () => resolve({ said: said.trim().slice(-500) }));
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      if (!said.includes('listening on')) return;
      child.stderr?.off('data', listen).resume();
      resolve('listening');
    };
    child.stderr?.on('data', listen);
  });
}
