import {
  type Change,
  compact,
  type Item,
  type Key,
  type NewItem,
  type Range,
} from '../../platform/dynamodb/item.js';
import { keyTextOf } from '../../platform/key-text.js';
import {
  type Condition,
  type Guitar,
  type GuitarFields,
  type GuitarImage,
  type GuitarType,
  named,
  type Named,
  type Note,
  ownSpecsOf,
  type PrivateInfo,
  PRIVATE_FIELDS,
  type Specs,
  SPECS,
  TEXTS,
} from './guitar.js';

export const guitarKey = (userId: string, id: string): Key => ({
  PK: `USER#${userId}`,
  SK: `GUITAR#${id}`,
});

/** How many guitars a user has: what the limit is held by, whoever else adds one at the same time. */
export const countKey = (userId: string): Key => ({ PK: `USER#${userId}`, SK: 'GUITARS' });

/** By id, which is the order of creation. */
export const guitarsOf = (userId: string): Range => ({ partition: `USER#${userId}`, prefix: 'GUITAR#' });

/** Where lists are kept; each begins with its owner, so that no list can reach another's. */
export const guitarsByBrand = (userId: string, brand?: string): Range => ({
  index: 'GSI1',
  partition: `USER#${userId}#GUITAR#BRAND`,
  ...(brand !== undefined && { prefix: `${keyTextOf(brand)}#` }),
});

export const guitarsByYear = (userId: string, from?: number, to?: number): Range => ({
  index: 'GSI2',
  partition: `USER#${userId}#GUITAR#YEAR`,
  // Guitars of no known year are listed before all others, and are in no range of years.
  ...((from !== undefined || to !== undefined) && { from: fourDigits(Math.max(from ?? 1, 1)) }),
  ...(to !== undefined && { to: fourDigits(to) }),
});

const fourDigits = (year: number): string => String(year).padStart(4, '0');

interface Placed {
  readonly userId: string;
  readonly id: string;
}

const byBrand = ({ userId, id }: Placed, brand: string) => ({
  GSI1PK: guitarsByBrand(userId).partition,
  GSI1SK: `${keyTextOf(brand)}#${id}`,
});

const byYear = ({ userId, id }: Placed, year: number | null) => ({
  GSI2PK: guitarsByYear(userId).partition,
  GSI2SK: `${fourDigits(year ?? 0)}#${id}`,
});

export const newGuitarItem = (userId: string, id: string, fields: GuitarFields): NewItem =>
  compact({
    ...guitarKey(userId, id),
    ...byBrand({ userId, id }, fields.brand),
    ...byYear({ userId, id }, fields.year),
    EntityType: 'GUITAR',
    images: [],
    ...fields,
  });

/** Every attribute that a person says, and where that puts the guitar in the indexes. */
export const wholeChange = (guitar: Placed, fields: GuitarFields): Change => ({
  ...fields,
  ...byBrand(guitar, fields.brand),
  ...byYear(guitar, fields.year),
});

/** A change of single attributes; those of a map by their paths, so that its others stay. */
export function plainChange(
  guitar: Placed,
  { detailedSpecs, privateInfo, ...fields }: Change & { detailedSpecs?: Change; privateInfo?: Change },
): Change {
  const { brand, year } = fields as Partial<GuitarFields>;
  const inside = (name: string, map: Change = {}) =>
    Object.entries(map).map(([field, value]) => [`${name}.${field}`, value] as const);
  return {
    ...fields,
    ...Object.fromEntries([...inside('detailedSpecs', detailedSpecs), ...inside('privateInfo', privateInfo)]),
    ...(brand !== undefined && byBrand(guitar, brand)),
    ...(year !== undefined && byYear(guitar, year)),
  };
}

const specsFrom = (specs: Specs): Specs => ({ ...(named(specs, SPECS) as Specs), ...ownSpecsOf(specs) });

const textsIn = (item: Item) =>
  Object.fromEntries(TEXTS.map((name) => [name, (item[name] as string | undefined) ?? null])) as Record<
    (typeof TEXTS)[number],
    string | null
  >;

export const guitarFrom = (item: Item): Guitar => ({
  id: item.SK.slice('GUITAR#'.length),
  userId: item.PK.slice('USER#'.length),
  brand: item['brand'] as string,
  model: item['model'] as string,
  year: (item['year'] as number | undefined) ?? null,
  type: (item['type'] as GuitarType | undefined) ?? null,
  condition: (item['condition'] as Condition | undefined) ?? null,
  ...textsIn(item),
  numberOfFrets: (item['numberOfFrets'] as number | undefined) ?? null,
  caseIncluded: (item['caseIncluded'] as boolean | undefined) ?? null,
  detailedSpecs: specsFrom(item['detailedSpecs'] as Specs),
  privateInfo: named(item['privateInfo'] as PrivateInfo, PRIVATE_FIELDS),
  images: (item['images'] as GuitarImage[]).map(({ id, key, thumbnailKey, caption, isPrimary }) => ({
    id,
    key,
    thumbnailKey,
    caption,
    isPrimary,
  })),
  notes: (item['notes'] as Note[]).map(({ id, content, createdAt }) => ({ id, content, createdAt })),
  receiptKey: (item['receiptKey'] as string | undefined) ?? null,
  createdAt: item.CreatedAt,
  updatedAt: item.UpdatedAt,
  version: item.Version,
});

export const namedFrom = (item: Item): Named => ({
  id: item.SK.slice('GUITAR#'.length),
  brand: item['brand'] as string,
  model: item['model'] as string,
  year: (item['year'] as number | undefined) ?? null,
  serialNumber: (item['privateInfo'] as PrivateInfo | undefined)?.serialNumber ?? '',
});
