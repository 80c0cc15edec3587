import type { Guitar, Price } from '../guitar.js';
import { fromMinor } from '../money.js';
import { grouped } from '../../../platform/grouped.js';
import { brandCounts } from '../brand-counts.js';

type Counted = Pick<Guitar, 'brand' | 'type' | 'year' | 'privateInfo'>;

/** Sums of one currency. A guitar whose price is not known adds nothing to it; null is a sum of nothing. */
export interface Value {
  readonly count: number;
  readonly purchase: number | null;
  readonly current: number | null;
  /** Current value less purchase price, over the guitars of which both are known. */
  readonly gain: number | null;
}

export interface Statistics {
  readonly count: number;
  readonly byCurrency: Readonly<Record<string, Value>>;
  readonly byBrand: readonly { readonly brand: string; readonly count: number }[];
  readonly byType: readonly { readonly type: string | null; readonly count: number }[];
  readonly byDecade: readonly { readonly decade: number | null; readonly count: number }[];
}

const PRICED: readonly Price[] = ['purchasePrice', 'currentValue'];

/** @param currency leaves out the values of all others */
export function statisticsOf(guitars: readonly Counted[], currency?: string): Statistics {
  const currencies = [
    ...grouped(
      guitars.filter(({ privateInfo }) => PRICED.some((price) => privateInfo[price] !== undefined)),
      ({ privateInfo }) => privateInfo.currency ?? '',
    ),
  ].filter(([code]) => currency === undefined || code === currency);
  const counted = <K>(keyOf: (guitar: Counted) => K) =>
    [...grouped(guitars, keyOf)].map(([key, some]) => [key, some.length] as const);
  return {
    count: guitars.length,
    byCurrency: Object.fromEntries(
      currencies
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([code, some]) => [code, valueOf(some, code)]),
    ),
    byBrand: brandCounts(guitars.map(({ brand }) => brand)).toSorted(
      (one, other) => other.count - one.count || (one.brand < other.brand ? -1 : 1),
    ),
    byType: counted(({ type }) => type)
      .map(([type, count]) => ({ type, count }))
      .toSorted((one, other) => other.count - one.count || ((one.type ?? '') < (other.type ?? '') ? -1 : 1)),
    byDecade: counted(({ year }) => year && year - (year % 10))
      .map(([decade, count]) => ({ decade, count }))
      .toSorted((one, other) => (one.decade ?? Infinity) - (other.decade ?? Infinity)),
  };
}

/** Sums in minor units, so that no cent is lost on the way. */
function valueOf(guitars: readonly Counted[], currency: string): Value {
  const sum = (amountOf: (info: Counted['privateInfo']) => number | undefined) => {
    const known = guitars.flatMap(({ privateInfo }) => amountOf(privateInfo) ?? []);
    if (known.length === 0) return null;
    return fromMinor(
      known.reduce((total, amount) => total + amount, 0),
      currency,
    );
  };
  return {
    count: guitars.length,
    purchase: sum(({ purchasePrice }) => purchasePrice),
    current: sum(({ currentValue }) => currentValue),
    gain: sum(({ purchasePrice, currentValue }) =>
      purchasePrice === undefined || currentValue === undefined ? undefined : currentValue - purchasePrice,
    ),
  };
}
