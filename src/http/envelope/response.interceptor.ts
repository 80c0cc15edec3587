import { createHash } from 'node:crypto';
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  StreamableFile,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { from, lastValueFrom, map, type Observable } from 'rxjs';
import { basePathOf, CONFIG, type Config } from '../../config/config.js';
import { Page } from '../../platform/dynamodb/item.js';
import { ACCESS, type Access } from '../access/access.decorators.js';
import { ApiError } from '../errors/api-error.js';
import { IDEMPOTENCY_KEY_NOT_ALLOWED } from '../errors/common.errors.js';
import { IDEMPOTENT, IGNORES_IDEMPOTENCY_KEY } from '../idempotency/idempotent.decorator.js';
import { IdempotentRequests } from '../idempotency/idempotent-requests.js';
import { Cursors } from '../paging/cursors.js';
import { Accepted, Document, MovedPermanently } from './document.js';
import { matchesAny } from './etag.js';
import { CREATED_AT, PUBLIC_FOR, RAW } from './response.decorators.js';

/**
 * Puts every success into its envelope and gives it its `ETag`, `Location` and 304; under an Idempotency-Key it does
 * so once. It is one interceptor and not several because Nest pays for each of them on every request.
 */
@Injectable()
export class ResponseInterceptor implements NestInterceptor {
  private readonly basePath: string;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly cursors: Cursors,
    private readonly idempotent: IdempotentRequests,
  ) {
    this.basePath = basePathOf(config);
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    // A promise that is mapped to is awaited by whoever takes the last value; only pages need one.
    const answer = next
      .handle()
      .pipe(
        map((value: unknown) =>
          value instanceof Page
            ? this.sendPage(context, value)
            : send(context, value, { success: true, data: value }, this.basePath),
        ),
      );
    const request = context.switchToHttp().getRequest<Request>();
    const key = request.headers['idempotency-key'];
    if (key === undefined || request.method !== 'POST') return answer;
    if (Reflect.getMetadata(IGNORES_IDEMPOTENCY_KEY, context.getClass())) return answer;
    if (!Reflect.getMetadata(IDEMPOTENT, context.getHandler()))
      throw new ApiError(IDEMPOTENCY_KEY_NOT_ALLOWED);
    const response = context.switchToHttp().getResponse<Response>();
    return from(
      this.idempotent.once(String(key), request, response, () => lastValueFrom(answer) as Promise<string>),
    );
  }

  private async sendPage(context: ExecutionContext, { items, next }: Page<unknown>) {
    const nextCursor = next === null ? null : await this.cursors.seal(next);
    const page = { success: true, data: items, meta: { count: items.length, nextCursor } };
    return send(context, page, page, this.basePath);
  }
}

/** @param value what the handler gave @param envelope the same as it is sent, unless the route is raw @param basePath before a Location */
function send(
  context: ExecutionContext,
  value: unknown,
  envelope: object,
  basePath: string,
): string | StreamableFile {
  const handler = context.getHandler();
  const request = context.switchToHttp().getRequest<Request>();
  const response = context.switchToHttp().getResponse<Response>();
  if (value === undefined) return '';
  if (value instanceof Accepted) {
    response.status(202);
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    return JSON.stringify({ success: true, data: value.body });
  }
  letBeKept(context, request, response);
  if (value instanceof MovedPermanently) {
    response.status(301);
    response.setHeader('Location', value.location);
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    return JSON.stringify(value.body);
  }
  if (value instanceof Document) return sendDocument(value, request, response);
  const body = JSON.stringify(Reflect.getMetadata(RAW, handler) ? value : envelope);

  const location = Reflect.getMetadata(CREATED_AT, handler) as string | undefined;
  if (location) {
    const fields = value as Readonly<Record<string, string | undefined>>;
    response.setHeader(
      'Location',
      basePath + location.replaceAll(/:(\w+)/g, (_, name: string) => fields[name] ?? ''),
    );
  }

  const reads = request.method === 'GET' || request.method === 'HEAD';
  const version = versionOf(value);
  if (reads || typeof version === 'number') {
    const etag = etagOf(body, version);
    response.setHeader('ETag', etag);
    if (reads && matchesAny(request.headers['if-none-match'], etag)) {
      response.status(304);
      return '';
    }
  }
  if (!response.hasHeader('Content-Type'))
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
  return body;
}

/** Where a token may show more, only what is shown without one is for everybody. */
function letBeKept(context: ExecutionContext, request: Request, response: Response): void {
  const handler = context.getHandler();
  const seconds = Reflect.getMetadata(PUBLIC_FOR, handler) as number | undefined;
  if (seconds === undefined) return;
  const access = Reflect.getMetadata(ACCESS, handler) as Access | undefined;
  if (access?.level === 'optional') {
    response.vary('Authorization');
    if (request.headers.authorization !== undefined) return;
  }
  response.setHeader('Cache-Control', `public, max-age=${seconds}, stale-while-revalidate=${seconds}`);
}

function sendDocument(
  { contentType, bytes, encoding, headers }: Document,
  request: Request,
  response: Response,
) {
  const etag = `"${hashOf(bytes)}"`;
  response.setHeader('ETag', etag);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.vary('Accept-Encoding');
  if (matchesAny(request.headers['if-none-match'], etag)) {
    response.status(304);
    return '';
  }
  if (encoding) response.setHeader('Content-Encoding', encoding);
  return new StreamableFile(bytes, { type: contentType, length: bytes.length });
}

/** Names the version of a body that does not show one itself. */
export const VERSION = Symbol('version');

function versionOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return VERSION in value ? value[VERSION] : (value as { version?: unknown }).version;
}

/** A versioned resource is named by its version, so that computed parts never stale a write; all else by its bytes. */
function etagOf(body: string, version: unknown): string {
  const hash = hashOf(body);
  return typeof version === 'number' ? `"v${version}-${hash}"` : `W/"${hash}"`;
}

const hashOf = (bytes: string | Buffer) => createHash('sha1').update(bytes).digest('base64url').slice(0, 16);
