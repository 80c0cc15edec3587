import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { Secrets } from '../../platform/secrets/secrets.js';
import { ApiError } from '../errors/api-error.js';
import { ORIGIN_REFUSED } from '../errors/common.errors.js';

interface OriginSecret {
  readonly value: string;
  readonly previous?: string;
}

/**
 * Where a firewall stands before the API (infra/firewall.yml): takes only what carries the header that CloudFront alone
 * knows, and CloudFront's word for who the client is, since the gateway sees but CloudFront.
 */
export function originCheck(secrets: Secrets) {
  return async (request: Request, _: Response, next: NextFunction): Promise<void> => {
    const made = async () => ({ value: randomBytes(36).toString('base64url') });
    // While a new value is on its way to CloudFront, the one before is taken as well.
    const { value, previous } = await secrets.read<OriginSecret>('origin-secret', made);
    const given = request.get('x-origin-verify') ?? '';
    if (!same(given, value) && !(previous && same(given, previous))) throw new ApiError(ORIGIN_REFUSED);
    Object.defineProperty(request, 'ip', { value: request.get('x-viewer-address') });
    next();
  };
}

const hash = (text: string) => createHash('sha256').update(text).digest();
const same = (one: string, other: string) => timingSafeEqual(hash(one), hash(other));
