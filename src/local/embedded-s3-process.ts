import { createRequire } from 'node:module';
import { StartError } from './data-directory.js';
import { type S3Context, s3Guard } from './embedded-s3-guard.js';
import type { Credentials } from '../config/config.js';

/** Sent by the parent process in a message, since other users can read the arguments of a process. */
export interface S3Options {
  readonly directory: string;
  readonly host: string;
  readonly port: number;
  readonly buckets: readonly string[];
  readonly origins: readonly string[];
  /** With which requests are signed. */
  readonly keys: Credentials;
}

interface S3rver {
  Server: new (options: object) => {
    run(): Promise<{ port: number }>;
    middleware: ((context: S3Context, next: () => Promise<void>) => Promise<void>)[];
  };
  accounts: {
    readonly DUMMY_ACCOUNT: {
      createKeyPair(keyId: string, secret: string): void;
      revokeAccessKey(keyId: string): void;
    };
  };
}

/** Web pages upload and show photos from another origin than the bucket's. */
const corsOf = (origins: readonly string[]) => `<CORSConfiguration><CORSRule>
${origins.map((origin) => `<AllowedOrigin>${origin}</AllowedOrigin>`).join('')}
<AllowedMethod>GET</AllowedMethod><AllowedMethod>HEAD</AllowedMethod>
<AllowedMethod>PUT</AllowedMethod><AllowedMethod>POST</AllowedMethod>
<AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader>
</CORSRule></CORSConfiguration>`;

function s3rver(): S3rver {
  const require = createRequire(import.meta.url);
  try {
    return {
      Server: require('@20minutes/s3rver') as S3rver['Server'],
      accounts: require('@20minutes/s3rver/lib/models/account.js') as S3rver['accounts'],
    };
  } catch {
    throw new StartError(
      'There is no embedded S3. Install the development dependencies, or set S3_ENDPOINT to any S3-compatible endpoint.',
    );
  }
}

/** Serves the directory until the process that forked this one ends, however it does. */
async function main({ directory, host, port, buckets, origins, keys }: S3Options): Promise<void> {
  process.on('disconnect', () => process.exit(0));
  const { Server, accounts } = s3rver();
  // Known to everybody who has read its source.
  accounts.DUMMY_ACCOUNT.revokeAccessKey('S3RVER');
  accounts.DUMMY_ACCOUNT.createKeyPair(keys.accessKeyId, keys.secretAccessKey);
  const server = new Server({
    directory,
    address: host,
    port,
    silent: true,
    vhostBuckets: false,
    configureBuckets: buckets.map((name) => ({ name, configs: origins.length > 0 ? [corsOf(origins)] : [] })),
  });
  server.middleware.unshift(s3Guard(keys, origins));
  // s3rver's server says by an event that its port is taken.
  process.once('uncaughtException', fail);
  const { port: taken } = await server.run();
  process.off('uncaughtException', fail);
  process.send?.({ port: taken });
}

function fail(error: unknown): void {
  const { code, message } = error as NodeJS.ErrnoException;
  process.send?.({ code, message }, () => process.exit(1));
}

process.once('message', (options: S3Options) => void main(options).catch(fail));
