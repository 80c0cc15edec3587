import type { Role } from '../../http/access/access.decorators.js';

export const THEMES = ['Dev', 'Ops', 'QA', 'Sales', 'Media'] as const;
export type Theme = (typeof THEMES)[number];

/** What a person is to this API, apart from how they sign in. */
export interface User {
  readonly userId: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly username: string | null;
  readonly role: Role;
  readonly status: 'active' | 'disabled';
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly lastLoginAt: string | null;
  readonly version: number;
  /** Whether the account is being erased. */
  readonly closing: boolean;
  /** Tokens issued before this second are void. */
  readonly tokensValidAfter: number;
  /** Sessions that began before this second are over, but for `keptSession`. */
  readonly sessionsValidAfter: number;
  readonly keptSession: string | null;
  /** Addresses that they had before and may get back by a link, newest first. */
  readonly formerEmails: readonly string[];
  /** The invitation they came by. */
  readonly inviteId: string | null;
  /** Sessions that were ended while their tokens could still live, each with the second its tokens end at. */
  readonly revokedSessions: Readonly<Record<string, number>>;
}

/** What a person sees of themselves: without what only decides which tokens count, and how they came. */
export function shownOf(user: User) {
  const {
    closing: _closing,
    tokensValidAfter: _tokensValidAfter,
    sessionsValidAfter: _sessionsValidAfter,
    keptSession: _keptSession,
    formerEmails: _formerEmails,
    revokedSessions: _revokedSessions,
    inviteId: _inviteId,
    ...shown
  } = user;
  return shown;
}

/** Somebody who is about to become a user. */
export interface Newcomer {
  readonly email: string;
  readonly name: string;
  readonly username?: string | undefined;
  readonly emailVerified?: boolean;
  /** As an invitation says. */
  readonly role?: Role | undefined;
  readonly theme?: Theme | undefined;
  readonly inviteId?: string | undefined;
  /** Whether whoever registered has confirmed the address through this API, and not whoever read a mail of the user pool. */
  readonly registrantConfirmed?: boolean;
}

/** Known keys are checked; others are the client's own. */
export interface Preferences {
  readonly theme?: Theme;
  /** An IANA time zone: the user's days begin and end there. */
  readonly timezone?: string;
  readonly [key: string]: unknown;
}

export const PREFERENCES_BYTES = 16 * 1024;

/** `null` removes a key; what is not named stays. */
export function mergePreferences(known: Preferences, change: Readonly<Record<string, unknown>>): Preferences {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const merged = Object.entries({ ...known, ...Object.fromEntries(given) });
  return Object.fromEntries(merged.filter(([, value]) => value !== null));
}
