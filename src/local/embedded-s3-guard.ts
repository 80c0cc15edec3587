import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Credentials } from '../config/config.js';
import { mac, refusalOfForm, type S3Refusal, signingKeyOf } from './s3-form-policy.js';

/** What a form may hold, its fields included; a photo has at most 10 MB. */
const FORM_BYTES = 11 * 1024 * 1024;
const PAST_FORM_BYTES: S3Refusal = {
  status: 400,
  code: 'EntityTooLarge',
  message: 'Your proposed upload exceeds the maximum allowed size',
};

/** A request to s3rver, in the terms of Koa. */
export interface S3Context {
  readonly method: string;
  readonly path: string;
  readonly querystring: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** From where s3rver reads the body. */
  req: IncomingMessage | Readable;
  status: number;
  type: string;
  body: string;
  app: object;
  set(name: string, value: string): void;
}

/**
 * What S3 checks and s3rver does not: who may read and list, the policy of a form, the signature of what concerns a bucket,
 * a body's MD5. And what a directory of files cannot bear: keys that lead elsewhere.
 */
export function s3Guard(keys: Credentials, origins: readonly string[]) {
  return async (context: S3Context, next: () => Promise<void>): Promise<void> => {
    const refuse = (refusal: S3Refusal) => answer(context, refusal, origins);
    context.set('X-Content-Type-Options', 'nosniff');
    const path = decoded(context.path);
    if (path === undefined)
      return refuse({ status: 400, code: 'InvalidURI', message: 'Could not parse the URI.' });
    const [bucket = '', ...key] = path.split('/').slice(1);
    if (!isPlainKey(bucket) || !isPlainKey(key.join('/'))) return refuse(DENIED);
    if (isForm(context)) {
      const refusal = await readForm(context, keys);
      return refusal ? refuse(refusal) : next();
    }
    if (!(isOpen(context) || isSigned(context))) return refuse(DENIED);
    if (isOfBucket(context) && context.headers['authorization'] !== undefined) {
      if (!isSignedForBucket(context, keys)) return refuse({ ...DENIED, code: 'SignatureDoesNotMatch' });
      // s3rver would check the signature of `/bucket`, and the SDK signs `/bucket/`.
      context.app = Object.create(context.app, { allowMismatchedSignatures: { value: true } });
    }
    const refusal = await refusalOfMd5(context);
    return refusal ? refuse(refusal) : next();
  };
}

const DENIED: S3Refusal = { status: 403, code: 'AccessDenied', message: 'Access Denied' };

function answer(context: S3Context, { status, code, message }: S3Refusal, origins: readonly string[]): void {
  const { origin } = context.headers;
  // For pages that may use the bucket: they see why.
  if (origin !== undefined && (origins.includes('*') || origins.includes(origin)))
    context.set('Access-Control-Allow-Origin', origin);
  const escaped = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  context.status = status;
  context.type = 'application/xml';
  context.body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escaped}</Message></Error>`;
}

function decoded(path: string): string | undefined {
  try {
    const text = decodeURIComponent(path);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** A key whose segments are all names: S3 keeps any key, a directory of files only these. The empty one is the bucket. */
const isPlainKey = (key: string): boolean =>
  key === '' ||
  key.split('/').every((segment) => !['', '.', '..'].includes(segment) && !/[\\\0]/.test(segment));

const isOfBucket = ({ path }: S3Context): boolean => /^\/[^/]+\/?$/.test(path);

const isForm = (context: S3Context): boolean =>
  context.method === 'POST' &&
  isOfBucket(context) &&
  context.querystring === '' &&
  (context.headers['content-type'] ?? '').startsWith('multipart/form-data');

/** Photos may be read by everybody, as at a CDN. */
const isOpen = ({ method, path }: S3Context): boolean =>
  method === 'OPTIONS' || (['GET', 'HEAD'].includes(method) && /^\/[^/]+\/images\/./.test(path));

/** What s3rver takes for signed, and checks. */
const isSigned = ({ headers, query }: S3Context): boolean =>
  headers['authorization'] !== undefined || query['X-Amz-Algorithm'] !== undefined;

/** Signature version 4 of `/bucket/` (AWS: "Authenticating Requests: Using the Authorization Header"). */
function isSignedForBucket({ method, path, querystring, headers }: S3Context, keys: Credentials): boolean {
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      headers['authorization'] ?? '',
    );
  if (!parts) return false;
  const [, credential = '', signedHeaders = '', signature = ''] = parts;
  const [keyId, ...scope] = credential.split('/');
  const time = headers['x-amz-date'] ?? '';
  if (keyId !== keys.accessKeyId || !isRecent(time)) return false;
  const query = querystring
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
    .sort()
    .join('&');
  const request = [
    method,
    path.endsWith('/') ? path : `${path}/`,
    query,
    ...signedHeaders.split(';').map((name) => `${name}:${(headers[name] ?? '').trim()}`),
    '',
    signedHeaders,
    headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
  const hash = createHash('sha256').update(request).digest('hex');
  const expected = mac(
    signingKeyOf(keys, scope),
    ['AWS4-HMAC-SHA256', time, scope.join('/'), hash].join('\n'),
  );
  return expected.toString('hex') === signature;
}

const SKEW_MS = 15 * 60_000;

/** `20250625T183000Z`, at most a quarter of an hour away. */
function isRecent(time: string): boolean {
  const iso = time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  return Math.abs(Date.now() - Date.parse(iso)) <= SKEW_MS;
}

/** Checks a form by its policy, and lets s3rver read it again from the start. */
async function readForm(context: S3Context, keys: Credentials): Promise<S3Refusal | undefined> {
  const bytes = await bodyOf(context, FORM_BYTES);
  if (!bytes) return PAST_FORM_BYTES;
  const fields: [string, string][] = [];
  let size: number | undefined;
  try {
    const type = context.headers['content-type'] ?? '';
    const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
    for (const [name, value] of form) {
      if (name === 'file') {
        size = typeof value === 'string' ? Buffer.byteLength(value) : value.size;
        break;
      }
      if (typeof value === 'string') fields.push([name, value]);
    }
  } catch {
    size = undefined;
  }
  if (size === undefined)
    return {
      status: 400,
      code: 'MalformedPOSTRequest',
      message: 'The body is not well-formed multipart/form-data.',
    };
  const key = fields.findLast(([name]) => name.toLowerCase() === 'key')?.[1] ?? '';
  if (key === '' || !isPlainKey(key)) return DENIED;
  const bucket = context.path.split('/')[1] ?? '';
  return refusalOfForm({ bucket, fields, size }, keys, new Date());
}

/** Whether a PUT's body is the one that its Content-MD5 names. */
async function refusalOfMd5(context: S3Context): Promise<S3Refusal | undefined> {
  const named = context.headers['content-md5'];
  if (context.method !== 'PUT' || named === undefined) return undefined;
  const bytes = await bodyOf(context, FORM_BYTES);
  if (!bytes) return PAST_FORM_BYTES;
  if (createHash('md5').update(bytes).digest('base64') === named) return undefined;
  return {
    status: 400,
    code: 'BadDigest',
    message: 'The Content-MD5 you specified did not match what we received.',
  };
}

/** The body, which can be read once more afterwards; undefined where it is larger. */
async function bodyOf(context: S3Context, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of context.req) {
    size += (chunk as Buffer).length;
    if (size <= most) chunks.push(chunk as Buffer);
  }
  if (size > most) return undefined;
  const bytes = Buffer.concat(chunks);
  context.req = Readable.from([bytes]);
  return bytes;
}
