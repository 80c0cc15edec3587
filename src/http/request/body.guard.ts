import { isUtf8 } from 'node:buffer';
import { type CanActivate, type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { Request, Response } from 'express';
import { ApiError, type ErrorDefinition } from '../errors/api-error.js';
import {
  BAD_REQUEST,
  MALFORMED_JSON,
  PAYLOAD_TOO_LARGE,
  UNSUPPORTED_MEDIA_TYPE,
  VALIDATION_ERROR,
} from '../errors/common.errors.js';
import { descriptionOf } from '../openapi/describe.decorators.js';
import {
  exceededLimit,
  MAX_DEPTH,
  MAX_ENTRIES,
  MAX_NAME_LENGTH,
  type ExceededLimit,
} from '../validation/json-limits.js';
import { maxEntriesOf } from '../validation/validation.decorators.js';
import { ACCEPTED_BODY, type AcceptedBody } from './accepts-body.decorator.js';

/** 1 MB: API Gateway and Lambda carry more, a DynamoDB item holds less. */
const MAX_BYTES = 1024 * 1024;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** How a route wants its body. */
interface BodyRule {
  readonly text: readonly string[];
  readonly json: readonly string[];
  readonly maxBytes: number;
  readonly maxEntries: number;
  /** The code of invalid fields. */
  readonly invalid: ErrorDefinition;
}

/**
 * Reads the body of a route that takes one, once the caller may call it: nobody else's body is read. Its size and its
 * structure are checked before it is parsed; what comes after this guard sees bounded input only. The body of any other
 * route is ignored (RFC 9110, 9.3.1: on GET it has no meaning).
 */
@Injectable()
export class BodyGuard implements CanActivate {
  private readonly rules = new Map<unknown, BodyRule | undefined>();

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const rule = this.ruleOf(context);
    // On Lambda, serverless-express has the bytes already, and they are parsed where they lie.
    const held: unknown = request.body;
    request.body = undefined;
    if (rule === undefined) return true;
    if (Buffer.isBuffer(held)) {
      request.body = parsed(request, held, rule);
      return true;
    }
    if (!hasBody(request)) return true;
    return read(request, context.switchToHttp().getResponse<Response>(), rule).then((bytes) => {
      request.body = parsed(request, bytes, rule);
      return true;
    });
  }

  private ruleOf(context: ExecutionContext): BodyRule | undefined {
    const handler = context.getHandler();
    if (!this.rules.has(handler)) this.rules.set(handler, readRule(context.getClass(), handler));
    return this.rules.get(handler);
  }
}

/** Undefined for a route that takes no body. */
function readRule(controller: Type<unknown>, handler: Function): BodyRule | undefined {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler.name) ?? {}) as Record<
    string,
    { readonly index: number }
  >;
  const body = Object.entries(parameters).find(([kind]) => kind.startsWith(`${RouteParamtypes.BODY}:`))?.[1];
  if (!body) return undefined;
  const types = Reflect.getMetadata(
    'design:paramtypes',
    controller.prototype as object,
    handler.name,
  ) as readonly Type<object>[];
  const accepted = (Reflect.getMetadata(ACCEPTED_BODY, handler) ?? {}) as AcceptedBody;
  const dtoClass = types[body.index];
  return {
    text: accepted.text ?? [],
    json: ['application/json', ...(accepted.json ?? [])],
    maxBytes: accepted.maxBytes ?? MAX_BYTES,
    maxEntries: accepted.maxEntries ?? (dtoClass ? maxEntriesOf(dtoClass) : MAX_ENTRIES),
    invalid: descriptionOf(handler).invalid ?? VALIDATION_ERROR,
  };
}

/** RFC 9112, 6.3. */
const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** @throws {ApiError} */
function parsed(request: Request, bytes: Buffer, rule: BodyRule): unknown {
  if (bytes.length > rule.maxBytes) throw new ApiError(PAYLOAD_TOO_LARGE);
  if (bytes.length === 0) return undefined;
  const isText = rule.text.includes(mediaTypeOf(request, rule));
  if (!isUtf8(bytes))
    throw isText
      ? new ApiError(BAD_REQUEST, { message: 'The body is not valid UTF-8.' })
      : new ApiError(MALFORMED_JSON);
  if (isText) return bytes.toString('utf8');
  const json = bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? bytes.subarray(3) : bytes;
  const exceeded = exceededLimit(json, rule.maxEntries);
  if (exceeded) throw tooLarge(exceeded, rule);
  try {
    return JSON.parse(json.toString('utf8'));
  } catch {
    throw new ApiError(MALFORMED_JSON);
  }
}

function tooLarge(code: ExceededLimit, { maxEntries, invalid }: BodyRule): ApiError {
  const message = {
    maxDepth: `The body must not be nested deeper than ${MAX_DEPTH} levels`,
    maxNameLength: `The body has a field whose name is longer than ${MAX_NAME_LENGTH} characters`,
    maxEntries: `The body has more than ${maxEntries} properties and array entries`,
  }[code];
  return new ApiError(invalid, { details: [{ field: '', code, message }] });
}

async function read(request: Request, response: Response, { maxBytes }: BodyRule): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw new ApiError(PAYLOAD_TOO_LARGE);
  // RFC 9110, 10.1.1: a client that sent Expect waits for this before it sends the body (see `local/connections.ts`).
  if (request.headers.expect !== undefined) response.writeContinue();
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
    });
    request.once('end', () => {
      if (size > maxBytes) reject(new ApiError(PAYLOAD_TOO_LARGE));
      else resolve(Buffer.concat(chunks));
    });
    // The client has gone: nobody's fault here.
    request.once('error', () => reject(new ApiError(BAD_REQUEST)));
  });
}

/** @throws {ApiError} UNSUPPORTED_MEDIA_TYPE for what the route does not take */
function mediaTypeOf({ headers, method }: Request, { text, json }: BodyRule): string {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const media = type.trim();
  const charset = parameters
    .map((parameter) => parameter.trim())
    .find((parameter) => parameter.startsWith('charset='));
  // Clients that follow RFC 5789 name this type; what is not sent stays, as RFC 7396 says of the fields of a resource.
  const isMergePatch = method === 'PATCH' && media === 'application/merge-patch+json';
  const isReadable = text.includes(media) || json.includes(media) || isMergePatch;
  const isPlain = isReadable && /^(charset="?utf-?8"?)?$/.test(charset ?? '');
  if (!isPlain || !['', 'identity'].includes(headers['content-encoding'] ?? ''))
    throw new ApiError(UNSUPPORTED_MEDIA_TYPE);
  return media;
}
