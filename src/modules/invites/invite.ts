import { randomInt } from 'node:crypto';
import type { Role } from '../../http/access/access.decorators.js';
import type { Theme } from '../users/user.js';

export const INVITE_STATUSES = ['pending', 'accepted', 'revoked', 'expired'] as const;
export type InviteStatus = (typeof INVITE_STATUSES)[number];

/** Leave to register, once or so many times. */
export interface Invite {
  readonly id: string;
  readonly status: InviteStatus;
  /** The one address that may use it; null for anybody who has the code. */
  readonly email: string | null;
  readonly role: Role;
  readonly theme: Theme | null;
  readonly maxUses: number;
  readonly uses: number;
  readonly expiresAt: string;
  readonly createdAt: string;
  readonly version: number;
}

/** Crockford's base 32: no letter looks like a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Four groups of four characters, 80 bits; seed 004 takes 6 to 20 characters. */
export function newCode(): string {
  const group = () => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return Array.from({ length: 4 }, group).join('-');
}

/** What counts of a code that somebody typed. */
export const plainCode = (code: string) => code.toUpperCase().replaceAll(/[^0-9A-Z]/g, '');

/** What is stored says pending until it is used up or revoked; that it has expired follows from the time. */
export function statusAt(
  stored: 'PENDING' | 'ACCEPTED' | 'REVOKED',
  validUntil: number,
  now: number,
): InviteStatus {
  if (stored === 'PENDING') return validUntil > now ? 'pending' : 'expired';
  return stored === 'ACCEPTED' ? 'accepted' : 'revoked';
}
