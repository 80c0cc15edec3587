import { createHash } from 'node:crypto';
import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  StreamableFile,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { mergeMap, type Observable } from 'rxjs';
import type { Page } from '../../platform/dynamodb/item.js';
import { Cursors } from '../paging/cursors.js';
import { Document } from './document.js';
import { matchesAny } from './etag.js';
import { CREATED_AT, RAW } from './response.decorators.js';

/** Puts every success into its envelope and gives it its `ETag`, `Location` and 304. */
@Injectable()
export class ResponseInterceptor implements NestInterceptor {
  constructor(private readonly cursors: Cursors) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(mergeMap((value: unknown) => this.send(context, value)));
  }

  private async send(context: ExecutionContext, value: unknown): Promise<string | StreamableFile> {
    const handler = context.getHandler();
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    if (value instanceof Document) return sendDocument(value, request, response);
    const body = JSON.stringify(Reflect.getMetadata(RAW, handler) ? value : await this.envelope(value));

    const location = Reflect.getMetadata(CREATED_AT, handler) as string | undefined;
    if (location)
      response.setHeader('Location', location.replace(':id', (value as { id?: string }).id ?? ''));

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

  private async envelope(value: unknown) {
    if (!isPage(value)) return { success: true, data: value };
    const nextCursor = value.next === null ? null : await this.cursors.seal(value.next);
    return { success: true, data: value.items, meta: { count: value.items.length, nextCursor } };
  }
}

function sendDocument({ contentType, bytes, encoding }: Document, request: Request, response: Response) {
  const etag = `"${hashOf(bytes)}"`;
  response.setHeader('ETag', etag);
  response.setHeader('Vary', 'Accept-Encoding');
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

function isPage(value: unknown): value is Page<unknown> {
  return typeof value === 'object' && value !== null && 'items' in value && 'next' in value;
}

/** A versioned resource is named by its version, so that computed parts never stale a write; all else by its bytes. */
function etagOf(body: string, version: unknown): string {
  const hash = hashOf(body);
  return typeof version === 'number' ? `"v${version}-${hash}"` : `W/"${hash}"`;
}

const hashOf = (bytes: string | Buffer) => createHash('sha1').update(bytes).digest('base64url').slice(0, 16);
