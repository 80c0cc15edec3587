import type { Item, Key } from '../../platform/dynamodb/item.js';
import type { Newcomer, Preferences, User } from './user.js';

export const profileKey = (userId: string): Key => ({ PK: `USER#${userId}`, SK: 'PROFILE' });
/** Of somebody who was let in and has not shown yet that their address is theirs. */
export const admissionKey = (userId: string): Key => ({ PK: `USER#${userId}`, SK: 'ADMISSION' });
export const preferencesKey = (userId: string): Key => ({ PK: `USER#${userId}`, SK: 'CONTEXT#preferences' });
/** Among the users who have preferences: they are one type of context. */
export const preferencesIndex = (userId: string) => ({
  GSI2PK: 'CONTEXT#preferences',
  GSI2SK: `USER#${userId}`,
});
export const OWNERS_KEY: Key = { PK: 'OWNERS', SK: 'COUNT' };

export const roleIndex = (role: string, createdAt: string, userId: string) => ({
  GSI2PK: `ROLE#${role}`,
  GSI2SK: `${createdAt}#${userId}`,
});

export const userFrom = (item: Item): User => ({
  userId: item.PK.slice('USER#'.length),
  email: item['email'] as string,
  emailVerified: item['emailVerified'] as boolean,
  name: item['name'] as string,
  firstName: (item['firstName'] as string | undefined) ?? null,
  lastName: (item['lastName'] as string | undefined) ?? null,
  username: (item['username'] as string | undefined) ?? null,
  role: item['role'] as User['role'],
  status: item.Status?.toLowerCase() as User['status'],
  createdAt: item.CreatedAt,
  updatedAt: item.UpdatedAt,
  lastLoginAt: (item['lastLoginAt'] as string | undefined) ?? null,
  version: item.Version,
  tokensValidAfter: item['tokensValidAfter'] as number,
  sessionsValidAfter: (item['sessionsValidAfter'] as number | undefined) ?? 0,
  keptSession: (item['keptSession'] as string | undefined) ?? null,
  formerEmails: (item['formerEmails'] as readonly string[] | undefined) ?? [],
  inviteId: (item['inviteId'] as string | undefined) ?? null,
  closing: item['closing'] === true,
  revokedSessions: item['revokedSessions'] as User['revokedSessions'],
});

export const admissionFrom = (item: Item): Newcomer => ({
  email: item['email'] as string,
  name: item['name'] as string,
  username: item['username'] as string | undefined,
  role: item['role'] as Newcomer['role'],
  theme: item['theme'] as Newcomer['theme'],
  inviteId: item['inviteId'] as string | undefined,
  registrantConfirmed: item['registrantConfirmed'] === true,
});

export const preferencesFrom = (item: Item | undefined): { preferences: Preferences; version: number } => ({
  preferences: (item?.['data'] as Preferences | undefined) ?? {},
  version: item?.Version ?? 0,
});
