import { isIP } from 'node:net';
import type { NextFunction, Request, Response } from 'express';
import { ApiError } from '../errors/api-error.js';
import { BAD_REQUEST, MISDIRECTED_REQUEST } from '../errors/common.errors.js';

/**
 * Takes a request only under a name of this server: a page whose own name leads to this machine (DNS rebinding) is no page of
 * its. An address names nobody else, so that any is taken.
 * @param names in lower case, without a port
 */
export function hostCheck(names: ReadonlySet<string>) {
  return (request: Request, _: Response, next: NextFunction): void => {
    const given = request.rawHeaders.filter(
      (name, position) => position % 2 === 0 && name.toLowerCase() === 'host',
    );
    // RFC 9112, 3.2: exactly one; HTTP/1.0 needs none.
    if (given.length === 0 && request.httpVersion === '1.0') {
      next();
      return;
    }
    if (given.length !== 1)
      throw new ApiError(BAD_REQUEST, { message: 'A request has exactly one Host header.' });
    const host = hostnameOf(request.headers.host ?? '');
    if (host === undefined) throw new ApiError(BAD_REQUEST, { message: 'The Host header names no host.' });
    if (isIP(host) === 0 && !names.has(host)) throw new ApiError(MISDIRECTED_REQUEST);
    next();
  };
}

/** In lower case, without port, brackets and the last dot. */
function hostnameOf(host: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([\da-f:.%]+)\]|([^\s:/?#@[\]\\]+))(?::\d{0,5})?$/i.exec(host) ?? [];
  return (bracketed ?? plain)?.toLowerCase().replace(/\.$/, '');
}
