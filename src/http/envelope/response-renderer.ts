import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { basePathOf, CONFIG, type Config } from '../../config/config.js';
import { Page } from '../../platform/dynamodb/item.js';
import { ACCESS, type Access } from '../access/access.decorators.js';
import { Cursors } from '../paging/cursors.js';
import { Accepted, Document, MovedPermanently } from './document.js';
import { etagOf, hashOf, matchesAny, versionOfBody } from './etag.js';
import { CREATED_AT, PUBLIC_FOR, RAW } from './response.decorators.js';

/** How a route answers, as its decorators say. */
interface ResponseRule {
  readonly isRaw: boolean;
  /** Path of what was created, `:id` and the like being fields of the answer. */
  readonly location: string | undefined;
  readonly publicForSeconds: number | undefined;
  /** Whether a token may show more. */
  readonly hasOptionalAuth: boolean;
}

export const JSON_TYPE = 'application/json; charset=utf-8';

/** Turns what a handler returned into status, headers (ETag, Location, Cache-Control) and the body in its envelope. */
@Injectable()
export class ResponseRenderer {
  private readonly basePath: string;
  private readonly rules = new Map<Function, ResponseRule>();

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly cursors: Cursors,
  ) {
    this.basePath = basePathOf(config);
  }

  /** @param handler the method of a controller that gave the value @returns the body; status and headers are set on the response */
  render(
    value: unknown,
    handler: Function,
    request: Request,
    response: Response,
  ): string | Buffer | Promise<string> {
    if (value === undefined) return '';
    if (value instanceof Accepted) {
      response.status(202);
      return asJson(response, { success: true, data: value.body });
    }
    const rule = this.ruleOf(handler);
    allowCaching(rule, request, response);
    if (value instanceof Page) return this.renderPage(value, request, response);
    if (value instanceof Document) return renderDocument(value, request, response);
    if (value instanceof MovedPermanently) {
      response.status(301).setHeader('Location', value.location);
      return asJson(response, value.body);
    }
    if (rule.location !== undefined)
      response.setHeader('Location', this.basePath + filled(rule.location, value));
    const body = JSON.stringify(rule.isRaw ? value : { success: true, data: value });
    return renderJson(body, versionOfBody(value), request, response);
  }

  private async renderPage({ items, next }: Page<unknown>, request: Request, response: Response) {
    const nextCursor = next === null ? null : await this.cursors.seal(next);
    const body = JSON.stringify({ success: true, data: items, meta: { count: items.length, nextCursor } });
    return renderJson(body, undefined, request, response);
  }

  private ruleOf(handler: Function): ResponseRule {
    let rule = this.rules.get(handler);
    if (!rule) this.rules.set(handler, (rule = readRule(handler)));
    return rule;
  }
}

const readRule = (handler: Function): ResponseRule => ({
  isRaw: Reflect.getMetadata(RAW, handler) === true,
  location: Reflect.getMetadata(CREATED_AT, handler) as string | undefined,
  publicForSeconds: Reflect.getMetadata(PUBLIC_FOR, handler) as number | undefined,
  hasOptionalAuth: (Reflect.getMetadata(ACCESS, handler) as Access | undefined)?.level === 'optional',
});

/** Where a token may show more, only what is shown without one is for everybody. */
function allowCaching(
  { publicForSeconds, hasOptionalAuth }: ResponseRule,
  request: Request,
  response: Response,
): void {
  if (publicForSeconds === undefined) return;
  if (hasOptionalAuth) {
    response.vary('Authorization');
    if (request.headers.authorization !== undefined) return;
  }
  response.setHeader(
    'Cache-Control',
    `public, max-age=${publicForSeconds}, stale-while-revalidate=${publicForSeconds}`,
  );
}

const isRead = ({ method }: Request): boolean => method === 'GET' || method === 'HEAD';

/** @param version of the resource, for its ETag */
function renderJson(body: string, version: unknown, request: Request, response: Response): string {
  if (isRead(request) || typeof version === 'number') {
    const etag = etagOf(body, version);
    response.setHeader('ETag', etag);
    if (isRead(request) && matchesAny(request.headers['if-none-match'], etag)) return notModified(response);
  }
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', JSON_TYPE);
  return body;
}

function renderDocument(
  { contentType, bytes, encoding, headers }: Document,
  request: Request,
  response: Response,
): string | Buffer {
  const etag = `"${hashOf(bytes)}"`;
  if (isRead(request)) response.setHeader('ETag', etag);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.vary('Accept-Encoding');
  if (isRead(request) && matchesAny(request.headers['if-none-match'], etag)) return notModified(response);
  if (encoding) response.setHeader('Content-Encoding', encoding);
  response.setHeader('Content-Type', contentType);
  return bytes;
}

function asJson(response: Response, body: object): string {
  response.setHeader('Content-Type', JSON_TYPE);
  return JSON.stringify(body);
}

function notModified(response: Response): string {
  response.status(304);
  return '';
}

/** Fields of the answer in place of `:id` and the like. */
function filled(path: string, value: unknown): string {
  const fields = value as Readonly<Record<string, string | undefined>>;
  return path.replaceAll(/:(\w+)/g, (_, name: string) => fields[name] ?? '');
}
