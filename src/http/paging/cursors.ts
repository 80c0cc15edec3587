import { Injectable } from '@nestjs/common';
import { requestContext } from '../../platform/request-context.js';
import { ApplicationKeys } from '../../platform/secrets/application-keys.js';
import { ApiError } from '../errors/api-error.js';
import { CURSOR_INVALID } from '../errors/common.errors.js';

const MAC_BYTES = 16;

/** Cursors: positions sealed with an HMAC over the user, the route and the query they were made for. */
@Injectable()
export class Cursors {
  constructor(private readonly keys: ApplicationKeys) {}

  async seal(position: string): Promise<string> {
    const mac = await this.keys.sign('cursor', `${scope()}\0${position}`);
    return Buffer.concat([mac.subarray(0, MAC_BYTES), Buffer.from(position)]).toString('base64url');
  }

  /** @throws {ApiError} CURSOR_INVALID when it is forged, another user's, or another list's. */
  async open(cursor: string): Promise<string> {
    const bytes = Buffer.from(cursor, 'base64url');
    const position = bytes.subarray(MAC_BYTES).toString();
    const genuine =
      bytes.length > MAC_BYTES &&
      bytes.toString('base64url') === cursor &&
      (await this.keys.verify('cursor', `${scope()}\0${position}`, bytes.subarray(0, MAC_BYTES)));
    if (!genuine) throw new ApiError(CURSOR_INVALID);
    return position;
  }
}

/** Who asks for which list; how much of it a page holds may change on the way. */
function scope(): string {
  const { userId = '', target = '' } = requestContext.current() ?? {};
  const [path = '', query = ''] = target.split(/\?(.*)/s);
  const searchParams = new URLSearchParams(query);
  searchParams.delete('cursor');
  searchParams.delete('limit');
  searchParams.sort();
  return `${userId}\0${path}?${searchParams.toString()}`;
}
