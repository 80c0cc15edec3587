import type { Request } from 'express';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { isbot } from 'isbot';
import type { CurrentUser } from '../../../http/access/access.decorators.js';
import { networkOf } from '../../../http/request/network.js';

export const UNCOUNTED = ['owner', 'optedOut', 'prefetch', 'bot', 'repeated'] as const;
/** Why a hit was not counted. */
export type Uncounted = (typeof UNCOUNTED)[number];

/** What a request tells of whoever made it. */
export interface Visit {
  readonly address: string;
  readonly userAgent: string;
  /** Of the page that tells of it. */
  readonly origin: string | undefined;
  /** Why it must not be counted, if it must not. */
  readonly excluded: Exclude<Uncounted, 'repeated'> | undefined;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Headers by which browsers ask not to be counted: DNT (W3C Tracking Preference Expression) and GPC. */
const optsOut = (headers: Headers) => headers['dnt'] === '1' || headers['sec-gpc'] === '1';

/** Nobody looks at what is loaded in advance: `Sec-Purpose` (Fetch), and what browsers sent before it. */
const PURPOSES = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'];
const isPrefetch = (headers: Headers) =>
  PURPOSES.some((name) => /\b(prefetch|prerender|preview)\b/i.test(String(headers[name] ?? '')));

/** @returns why a hit must not be counted, undefined if it may */
export function exclusionOf(
  headers: Headers,
  visitor: Pick<CurrentUser, 'role'> | undefined,
): Visit['excluded'] {
  if (visitor?.role === 'owner') return 'owner';
  if (optsOut(headers)) return 'optedOut';
  if (isPrefetch(headers)) return 'prefetch';
  const agent = headers['user-agent'];
  // Browsers say who they are.
  return !agent || isbot(String(agent)) ? 'bot' : undefined;
}

export const Visit = createParamDecorator((_: unknown, context: ExecutionContext): Visit => {
  const request = context.switchToHttp().getRequest<Request & { user?: CurrentUser }>();
  return {
    address: networkOf(request.ip),
    userAgent: (request.headers['user-agent'] ?? '').slice(0, 500),
    origin: request.headers.origin,
    excluded: exclusionOf(request.headers, request.user),
  };
});
