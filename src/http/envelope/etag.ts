import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { ApiError } from '../errors/api-error.js';
import { BAD_REQUEST } from '../errors/common.errors.js';

/** Operands of IN in an expression of DynamoDB. */
const MAX_VERSIONS = 100;

/** `If-None-Match` (RFC 9110, 13.1.2): a weak comparison, and `*` matches what is there. */
export function matchesAny(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  const wanted = etag.replace(/^W\//, '');
  return header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === wanted);
}

/**
 * The versions that `If-Match` names (RFC 9110, 13.1.1: a strong comparison), or undefined without the header
 * or with `*`. A tag that is not ours names no version and so never matches.
 * @throws {ApiError} BAD_REQUEST for more than DynamoDB compares
 */
export function versionsOf(header: string | undefined): readonly number[] | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const versions = header.split(',').flatMap((candidate) => {
    const version = /^"v(\d{1,15})-[\w-]+"$/.exec(candidate.trim())?.[1];
    return version === undefined ? [] : [Number(version)];
  });
  const distinct = [...new Set(versions)];
  if (distinct.length > MAX_VERSIONS)
    throw new ApiError(BAD_REQUEST, { message: `If-Match may name at most ${MAX_VERSIONS} versions.` });
  return distinct;
}

/** The versions that the client has seen of what it is about to change; undefined takes any. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext) =>
  versionsOf(context.switchToHttp().getRequest<Request>().headers['if-match']),
);

/**
 * As `IfMatch`, for a body that may carry the `version` that the client has seen (`ReadOnlyFields`). Both must hold.
 */
export const SeenVersions = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { headers, body } = context.switchToHttp().getRequest<Request<object, unknown, unknown>>();
  const versions = versionsOf(headers['if-match']);
  const { version } = (body ?? {}) as { readonly version?: unknown };
  if (typeof version !== 'number') return versions;
  return !versions || versions.includes(version) ? [version] : [];
});

/** Whether what is about to be put must be there in some version (`If-Match: *`): where a PUT would else make it. */
export const IfMatchAny = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<Request>().headers['if-match']?.trim() === '*',
);

/** Names the version of a body that does not show one itself. */
export const VERSION = Symbol('version');

export function versionOfBody(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return VERSION in value ? value[VERSION] : (value as { version?: unknown }).version;
}

/** A versioned resource is named by its version, so that computed parts never stale a write; all else by its bytes. */
export function etagOf(body: string, version: unknown): string {
  const hash = hashOf(body);
  return typeof version === 'number' ? `"v${version}-${hash}"` : `W/"${hash}"`;
}

export const hashOf = (bytes: string | Buffer): string =>
  createHash('sha1').update(bytes).digest('base64url').slice(0, 16);
