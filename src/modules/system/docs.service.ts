import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { Document } from '../../http/envelope/document.js';
import { ApiError } from '../../http/errors/api-error.js';
import { NOT_FOUND } from '../../http/errors/common.errors.js';

/** Where `npm run build` leaves the OpenAPI document and Swagger UI's files, gzipped. */
export const DOCS_DIRECTORY = Symbol('docs directory');

const TYPES: Readonly<Record<string, string>> = {
  'openapi.json': 'application/json; charset=utf-8',
  'index.html': 'text/html; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'start.js': 'text/javascript; charset=utf-8',
  'start.html': 'text/html; charset=utf-8',
  'favicon.svg': 'image/svg+xml',
};

/** Hands out the documentation; nothing of it is loaded before it is asked for. */
@Injectable()
export class DocsService {
  constructor(@Inject(DOCS_DIRECTORY) private readonly directory: string) {}

  /** @throws {ApiError} NOT_FOUND for a file that is none of the documentation's. */
  async file(name: string, acceptEncoding: string | undefined): Promise<Document> {
    const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
    if (type === undefined) throw new ApiError(NOT_FOUND);
    const bytes = await readFile(join(this.directory, `${name}.gz`));
    const gzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(acceptEncoding ?? '');
    return gzip ? new Document(type, bytes, 'gzip') : new Document(type, gunzipSync(bytes));
  }
}
