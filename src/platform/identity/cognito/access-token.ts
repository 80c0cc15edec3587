import { AccessTokenRequired } from '../identity-errors.js';
import type { Caller } from '../identity-provider.js';

/** The token with which somebody changes their own account at the pool. @throws {AccessTokenRequired} */
export function accessTokenOf({ accessToken }: Caller): string {
  if (accessToken === undefined) throw new AccessTokenRequired();
  return accessToken;
}
