import { fork } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartError } from './data-directory.js';
import type { S3Options } from './embedded-s3-process.js';
import { EmbeddedServer } from './embedded-server.js';

type Said = { readonly port: number } | { readonly code?: string; readonly message: string };

const HOST = '127.0.0.1';
const PROGRAM = fileURLToPath(new URL('./embedded-s3-process.js', import.meta.url));

/** An S3 in a child process, its objects in one directory. It ends with the process that started it, also by `kill -9`. */
export class EmbeddedS3 extends EmbeddedServer {
  /**
   * @param directory where the folder `s3` lies
   * @param at `port` to take or, when somebody has it, any other; `origins` of web pages that may use it; `keys` to sign with
   * @throws {StartError} when it does not start
   */
  static async start(
    directory: string,
    buckets: readonly string[],
    { port = 0, origins = [], keys }: Partial<Pick<S3Options, 'port' | 'origins'>> & Pick<S3Options, 'keys'>,
  ): Promise<EmbeddedS3> {
    const objects = join(directory, 's3');
    await mkdir(objects, { recursive: true, mode: 0o700 });
    const options: S3Options = {
      directory: objects,
      host: HOST,
      port,
      buckets: [...new Set(buckets)],
      origins,
      keys,
    };
    // In a group of its own, so that Ctrl-C reaches its parent alone, which then ends it in order. s3rver seals where a
    // long list goes on with a cipher that OpenSSL has put among its old ones.
    const execArgv = ['--openssl-legacy-provider'];
    const child = fork(PROGRAM, {
      detached: true,
      execArgv,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.send(options);
    const said = await new Promise<Said>((resolve) => {
      child.once('message', (message) => resolve(message as Said));
      child.once('exit', () => resolve({ message: 'The embedded S3 does not start.' }));
    });
    if ('port' in said) return new EmbeddedS3(child, `http://${HOST}:${said.port}`);
    if (said.code === 'EADDRINUSE' && port !== 0)
      return EmbeddedS3.start(directory, buckets, { port: 0, origins, keys });
    throw new StartError(said.message);
  }
}
