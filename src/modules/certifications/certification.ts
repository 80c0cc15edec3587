import { textOf } from '../../platform/dynamodb/item.js';
import { daysAfter } from '../../platform/local-time.js';
import type { Entry, EntryKind } from '../portfolio/entries.js';
import { CERTIFICATION_NOT_FOUND } from './certifications.errors.js';

export const CERTIFICATION_TYPES = ['certification', 'course'] as const;
export type CertificationType = (typeof CERTIFICATION_TYPES)[number];

export const VALIDITIES = ['valid', 'expiring', 'expired'] as const;
export type Validity = (typeof VALIDITIES)[number];

/** Something that was learnt (seed 003). */
export interface Certification extends Entry {
  readonly issuer: string;
  readonly icon: string | null;
  readonly type: CertificationType;
  readonly description: string | null;
  readonly credentialUrl: string | null;
  readonly credentialId: string | null;
  /** Calendar dates; it holds through the day on which it expires. */
  readonly dateEarned: string;
  readonly expiresAt: string | null;
}

/** So many days before it expires a certification is `expiring`, and its owner is told. */
export const EXPIRING_DAYS = 30;

export function validityOn(today: string, { expiresAt }: Pick<Certification, 'expiresAt'>): Validity {
  if (expiresAt === null || expiresAt > daysAfter(today, EXPIRING_DAYS)) return 'valid';
  return expiresAt >= today ? 'expiring' : 'expired';
}

export const CERTIFICATIONS: EntryKind<Certification> = {
  name: 'CERT',
  notFound: CERTIFICATION_NOT_FOUND,
  positionOf: ({ dateEarned, id }) => `${dateEarned}#${id}`,
  typeOf: ({ type }) => type.toUpperCase(),
  fieldsFrom: (item) => ({
    issuer: item['issuer'] as string,
    icon: textOf(item, 'icon'),
    type: item['type'] as CertificationType,
    description: textOf(item, 'description'),
    credentialUrl: textOf(item, 'credentialUrl'),
    credentialId: textOf(item, 'credentialId'),
    dateEarned: item['dateEarned'] as string,
    expiresAt: textOf(item, 'expiresAt'),
  }),
};
