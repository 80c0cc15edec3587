import { createRequire } from 'node:module';
import { LOCAL_ACCESS } from '../platform/aws-client.js';
import { StartError } from './data-directory.js';

/** What this process is told by the one that forks it. */
export interface S3Options {
  readonly directory: string;
  readonly host: string;
  readonly port: number;
  readonly buckets: readonly string[];
  readonly origins: readonly string[];
}

interface Context {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  status: number;
  body: string;
  app: object;
}

interface S3rver {
  Server: new (options: object) => {
    run(): Promise<{ port: number }>;
    middleware: ((context: Context, next: () => Promise<void>) => Promise<void>)[];
  };
  accounts: { readonly DUMMY_ACCOUNT: { createKeyPair(keyId: string, secret: string): void } };
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

const ofBucket = ({ path }: Context): boolean => /^\/[^/]+\/?$/.test(path);

/** Photos may be read by everybody, as at a CDN; a form is signed in its fields, which s3rver does not look at. */
function isOpen(context: Context): boolean {
  const { method, path, headers, query } = context;
  if (method === 'OPTIONS') return true;
  if (method === 'GET' || method === 'HEAD') return /^\/[^/]+\/images\/./.test(path);
  const isForm = (headers['content-type'] ?? '').startsWith('multipart/form-data');
  return method === 'POST' && isForm && ofBucket(context) && Object.keys(query).length === 0;
}

/** What s3rver takes for signed, and looks at. */
const isSigned = ({ headers, query }: Context): boolean =>
  headers['authorization'] !== undefined || query['X-Amz-Algorithm'] !== undefined;

const hasWayOut = ({ path }: Context): boolean =>
  decodeURIComponent(path)
    .split('/')
    .some((segment) => segment === '.' || segment === '..');

/**
 * s3rver answers whoever does not sign. And of what concerns the bucket (lists, removals of many) the SDK signs
 * `/bucket/` where s3rver checks `/bucket`: there a signature is asked for, and not compared.
 */
async function guard(context: Context, next: () => Promise<void>): Promise<void> {
  if (hasWayOut(context) || !(isOpen(context) || isSigned(context))) {
    context.status = 403;
    context.body = 'Not signed';
    return undefined;
  }
  if (ofBucket(context))
    context.app = Object.create(context.app, { allowMismatchedSignatures: { value: true } });
  return next();
}

/** Serves the directory until the process that forked this one ends, however it does. */
async function main({ directory, host, port, buckets, origins }: S3Options): Promise<void> {
  process.on('disconnect', () => process.exit(0));
  const { Server, accounts } = s3rver();
  accounts.DUMMY_ACCOUNT.createKeyPair(LOCAL_ACCESS.accessKeyId, LOCAL_ACCESS.secretAccessKey);
  const server = new Server({
    directory,
    address: host,
    port,
    silent: true,
    vhostBuckets: false,
    configureBuckets: buckets.map((name) => ({ name, configs: origins.length > 0 ? [corsOf(origins)] : [] })),
  });
  server.middleware.unshift(guard);
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

await main(JSON.parse(process.argv[2] ?? '{}') as S3Options).catch(fail);
