import { isUtf8 } from 'node:buffer';
import type { NextFunction, Request, Response } from 'express';
import { ApiError } from '../errors/api-error.js';
import {
  BAD_REQUEST,
  MALFORMED_JSON,
  PAYLOAD_TOO_LARGE,
  UNSUPPORTED_MEDIA_TYPE,
} from '../errors/common.errors.js';

/** 1 MB: what API Gateway and Lambda carry is more, what a DynamoDB item holds is less. */
const BODY_LIMIT_BYTES = 1024 * 1024;
/** Files, which Lambda takes up to 6 MB of. They may be CSV. */
const FILE_PATHS: ReadonlySet<string> = new Set(['/v1/guitars/import']);
/** RFC 7111, and what browsers on Windows say of a CSV file. */
const CSV: ReadonlySet<string> = new Set(['text/csv', 'application/csv', 'application/vnd.ms-excel']);
const FILE_LIMIT_BYTES = 5 * 1024 * 1024;

/** The path as Express routes it: whatever its case, with or without a last slash. */
const routed = ({ path }: Request): string => path.toLowerCase().replace(/\/$/, '');

const limitOf = (request: Request): number =>
  FILE_PATHS.has(routed(request)) ? FILE_LIMIT_BYTES : BODY_LIMIT_BYTES;

/**
 * Reads a JSON body. On Lambda, serverless-express has the bytes already and they are parsed where they lie,
 * which express.json would copy through a stream and a character decoder first. A request without a body
 * (RFC 9112, 6.3) goes on at once.
 */
export function jsonBody(request: Request, _: Response, next: NextFunction): void | Promise<void> {
  const held: unknown = request.body;
  if (Buffer.isBuffer(held)) {
    request.body = parsed(request, held);
  } else if (hasBody(request)) {
    return readThen(request, next);
  }
  next();
  return undefined;
}

async function readThen(request: Request, next: NextFunction): Promise<void> {
  request.body = parsed(request, await read(request));
  next();
}

const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

function parsed(request: Request, bytes: Buffer): unknown {
  if (bytes.length > limitOf(request)) throw new ApiError(PAYLOAD_TOO_LARGE);
  if (bytes.length === 0 || isUnreadForm(request)) return undefined;
  return mediaTypeOf(request) === 'text/csv' ? textOf(bytes) : parse(bytes);
}

async function read(request: Request): Promise<Buffer> {
  const limit = limitOf(request);
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    request.resume();
    throw new ApiError(PAYLOAD_TOO_LARGE);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
    });
    request.once('end', () => {
      if (size > limit) reject(new ApiError(PAYLOAD_TOO_LARGE));
      else resolve(Buffer.concat(chunks));
    });
    // The client has gone: nobody's fault here.
    request.once('error', () => reject(new ApiError(BAD_REQUEST)));
  });
}

/** SNS sends its JSON as text/plain (AWS: "Parsing Amazon SNS message formats"). */
const PLAIN_TEXT_PATHS: ReadonlySet<string> = new Set(['/v1/webhooks/ses']);

/** A form of which nothing is read: what it would say is said by its address (RFC 8058, 3.1). */
const FORM_PATHS: ReadonlySet<string> = new Set(['/v1/notifications/unsubscribe']);
const FORMS = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i;

const isUnreadForm = (request: Request): boolean =>
  FORM_PATHS.has(routed(request)) && FORMS.test(request.headers['content-type'] ?? '');

/** @throws {ApiError} UNSUPPORTED_MEDIA_TYPE for what this path does not take */
function mediaTypeOf(request: Request): string {
  const { headers } = request;
  const path = routed(request);
  const [type, ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters
    .map((parameter) => parameter.trim())
    .find((parameter) => parameter.startsWith('charset='));
  const media = type?.trim() ?? '';
  const readable =
    media === 'application/json' ||
    (media === 'text/plain' && PLAIN_TEXT_PATHS.has(path)) ||
    (CSV.has(media) && FILE_PATHS.has(path));
  const plain = readable && /^(charset="?utf-?8"?)?$/.test(charset ?? '');
  if (!plain || !['', 'identity'].includes(headers['content-encoding'] ?? ''))
    throw new ApiError(UNSUPPORTED_MEDIA_TYPE);
  return CSV.has(media) ? 'text/csv' : media;
}

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new ApiError(BAD_REQUEST, { message: 'The body is not valid UTF-8.' });
  return bytes.toString('utf8');
}

function parse(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new ApiError(MALFORMED_JSON);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new ApiError(MALFORMED_JSON);
  }
}
