import type { CurrentUser } from '../../http/access/access.decorators.js';
import { ApiError } from '../../http/errors/api-error.js';
import { AUTH_FORBIDDEN, AUTH_UNAUTHORIZED } from '../../http/errors/common.errors.js';

/** Whoever asks where everybody may: nobody known, or somebody with a token. */
export type Visitor = CurrentUser | undefined;

export const ENTRY_STATUSES = ['draft', 'published'] as const;
export type EntryStatus = (typeof ENTRY_STATUSES)[number];

export const isOwner = (visitor: Visitor): boolean => visitor?.role === 'owner';

/** Drafts are nothing to strangers, as what does not exist. */
export const mayRead = (visitor: Visitor, { status }: { readonly status: string }): boolean =>
  status === 'published' || isOwner(visitor);

/** @throws {ApiError} AUTH_UNAUTHORIZED, AUTH_FORBIDDEN when a list of more than what is published is asked for by another than the owner */
export function assertMayList(visitor: Visitor, status: string): void {
  if (status === 'published' || isOwner(visitor)) return;
  if (visitor) throw new ApiError(AUTH_FORBIDDEN);
  throw new ApiError(AUTH_UNAUTHORIZED, { headers: { 'WWW-Authenticate': 'Bearer' } });
}
