import { createHash } from 'node:crypto';
import type { Item, Key } from '../../platform/dynamodb/item.js';
import { type Invite, plainCode, statusAt } from './invite.js';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

export const INVITES = 'INVITE';
export const inviteKey = (id: string): Key => ({ PK: `INVITE#${id}`, SK: 'META' });
export const codeKey = (codeHash: string): Key => ({ PK: `INVITECODE#${codeHash}`, SK: 'LOCK' });
/** One pending invitation an address. */
export const addressKey = (email: string): Key => ({ PK: `UNIQ#INVITE#${hashOf(email)}`, SK: 'LOCK' });
export const addressIndex = (email: string, id: string) => ({
  GSI2PK: `EMAIL#${hashOf(email)}`,
  GSI2SK: `INVITE#${id}`,
});
/** A code has 80 bits of chance: its hash needs no salt. */
export const codeHashOf = (code: string) => hashOf(plainCode(code));

/** Addresses that have used an invitation and are not confirmed yet, as keyed hashes, newest first. */
export const unconfirmedUsersOf = (item: Item): readonly string[] =>
  (item['unconfirmedUsers'] as readonly string[] | undefined) ?? [];

export const inviteFrom = (item: Item, now: number): Invite => {
  const validUntil = item['validUntil'] as number;
  return {
    id: item.PK.slice('INVITE#'.length),
    status: statusAt(item.Status as 'PENDING', validUntil, now),
    email: (item['email'] as string | undefined) ?? null,
    role: item['role'] as Invite['role'],
    theme: (item['theme'] as Invite['theme'] | undefined) ?? null,
    maxUses: item['maxUses'] as number,
    uses: item['uses'] as number,
    expiresAt: new Date(validUntil * 1000).toISOString(),
    createdAt: item.CreatedAt,
    version: item.Version,
  };
};
