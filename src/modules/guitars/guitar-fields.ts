import type { ErrorDetail } from '../../http/errors/api-error.js';
import {
  type GuitarFields,
  named,
  type Note,
  OWN_SPECS,
  ownSpecsOf,
  type PrivateInfo,
  PRIVATE_FIELDS,
  PRICES,
  type Specs,
  SPECS,
  TEXTS,
} from './guitar.js';
import { type Amounts, amountsOf, toMinor } from './money.js';

/** What a request says of a guitar: `undefined` leaves a field alone, `null` clears it, maps field by field. */
export type GuitarSays = {
  readonly [Field in keyof Omit<GuitarFields, 'detailedSpecs' | 'privateInfo' | 'notes'>]?:
    GuitarFields[Field] | null | undefined;
} & {
  readonly detailedSpecs?: SaidSpecs | null | undefined;
  readonly privateInfo?: PrivateSays | null | undefined;
};

/** Known specs, and the owner's own. */
type SaidSpecs = Readonly<Partial<Record<(typeof SPECS)[number], string | null>>>;

type PrivateSays = Readonly<Partial<Record<(typeof PRIVATE_FIELDS)[number], string | number | null>>>;

/** The fields that are no maps. */
export const PLAIN_FIELDS = [
  'brand',
  'model',
  'year',
  'type',
  'condition',
  ...TEXTS,
  'numberOfFrets',
  'caseIncluded',
] as const;

/** The fields that a change names and that stand by themselves; a map that is cleared as a whole does not. */
export function plainPartOf(says: GuitarSays): Record<string, unknown> & {
  readonly detailedSpecs: Record<string, string | null>;
  readonly privateInfo: Record<string, string | number | null>;
} {
  return {
    ...named(says, PLAIN_FIELDS),
    detailedSpecs: named(says.detailedSpecs ?? {}, SPECS) as Record<string, string | null>,
    privateInfo: named(says.privateInfo ?? {}, PRIVATE_FIELDS) as Record<string, string | number | null>,
  };
}

/**
 * Whether a change can be told only with the rest of the guitar: prices hang on their currency, a receipt on its image, and
 * the owner's own specs are counted.
 */
export function needsWhole({ detailedSpecs, privateInfo }: GuitarSays): boolean {
  const together = [...PRICES, 'currency', 'receiptImageId'] as const;
  return (
    detailedSpecs === null ||
    privateInfo === null ||
    Object.keys(ownSpecsOf(detailedSpecs ?? {})).length > 0 ||
    together.some((field) => privateInfo?.[field] !== undefined)
  );
}

const NOTHING: GuitarFields = {
  ...(Object.fromEntries(TEXTS.map((name) => [name, null])) as Record<(typeof TEXTS)[number], null>),
  brand: '',
  model: '',
  year: null,
  type: null,
  condition: null,
  numberOfFrets: null,
  caseIncluded: null,
  detailedSpecs: {},
  privateInfo: {},
  notes: [],
};

/** What a guitar says after a change. @param faults takes what is wrong with it as a whole */
export function merged(
  says: GuitarSays & { readonly notes?: readonly Note[] | undefined },
  faults: ErrorDetail[],
  before: GuitarFields = NOTHING,
): GuitarFields {
  const plain = named(says, PLAIN_FIELDS);
  return {
    ...(named(before, PLAIN_FIELDS) as unknown as GuitarFields),
    ...(plain as Partial<GuitarFields>),
    detailedSpecs: mergedSpecs(says.detailedSpecs, before.detailedSpecs, faults),
    privateInfo: mergedPrivate(says.privateInfo, before.privateInfo, faults),
    notes: says.notes ?? before.notes,
  };
}

function mergedSpecs(says: SaidSpecs | null | undefined, before: Specs, faults: ErrorDetail[]): Specs {
  const kept = says === null ? {} : before;
  const cleared = Object.entries(says ?? {}).map(([name, value]) => [name, value === '' ? null : value]);
  const specs = present({ ...kept, ...Object.fromEntries(cleared) }) as Record<string, string>;
  if (Object.keys(ownSpecsOf(specs)).length > OWN_SPECS) {
    const message = `detailedSpecs may have at most ${OWN_SPECS} names besides the known ones`;
    faults.push({ field: 'detailedSpecs', code: 'maxNames', message });
  }
  return specs;
}

/** Amounts are those a person said: a price stays what it is when its currency is put right. */
function mergedPrivate(
  says: PrivateSays | null | undefined,
  before: PrivateInfo,
  faults: ErrorDetail[],
): PrivateInfo {
  const standing = says === null ? {} : { ...before, ...amountsOf(before) };
  const info = present({ ...standing, ...named(says ?? {}, PRIVATE_FIELDS) }) as Record<string, unknown>;
  const { currency } = info as { currency?: string };
  const amounts = info as Amounts;
  const minor: Record<string, number> = {};
  for (const price of PRICES) {
    const amount = amounts[price];
    if (amount === undefined) continue;
    const field = `privateInfo.${price}`;
    const exact = currency === undefined ? undefined : toMinor(amount, currency);
    if (currency === undefined) faults.push(needsCurrency(field));
    else if (exact === undefined) faults.push(tooFine(field, currency));
    else minor[price] = exact;
  }
  return { ...info, ...minor };
}

const needsCurrency = (field: string): ErrorDetail => ({
  field: 'privateInfo.currency',
  code: 'required',
  message: `privateInfo.currency must be given with ${field}`,
});

const tooFine = (field: string, currency: string): ErrorDetail => ({
  field,
  code: 'currencyDigits',
  message: `${field} must have no more decimals than ${currency} has`,
});

const present = <T extends object>(map: T): { [Key in keyof T]: NonNullable<T[Key]> } =>
  Object.fromEntries(Object.entries(map).filter(([, value]) => value !== null && value !== undefined)) as {
    [Key in keyof T]: NonNullable<T[Key]>;
  };

/** Next year's models are sold this year. */
export function faultOfYear(year: number | null | undefined, now: Date): ErrorDetail[] {
  const last = now.getUTCFullYear() + 1;
  if (year === undefined || year === null || year <= last) return [];
  return [{ field: 'year', code: 'max', message: `year must not be greater than ${last}` }];
}
