import { type Price, PRICES, type PrivateInfo } from './guitar.js';

/** ISO 4217, as far as this runtime knows it. */
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
const digits = new Map<string, number>();

export const isCurrency = (value: unknown): boolean => typeof value === 'string' && CURRENCIES.has(value);

/** How many decimals a currency has: 2 for EUR, 0 for JPY, 3 for KWD. */
function digitsOf(currency: string): number {
  let known = digits.get(currency);
  if (known === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    known = format.resolvedOptions().maximumFractionDigits ?? 2;
    digits.set(currency, known);
  }
  return known;
}

/** As it is written: `1299.5`. */
export const fromMinor = (minor: number, currency: string): number =>
  Number((minor / 10 ** digitsOf(currency)).toFixed(digitsOf(currency)));

/** Undefined when the currency has no unit that small. */
export function toMinor(amount: number, currency: string): number | undefined {
  const decimals = digitsOf(currency);
  return Number(amount.toFixed(decimals)) === amount ? Math.round(amount * 10 ** decimals) : undefined;
}

/** Prices as a person says them. */
export type Amounts = Partial<Record<Price, number>>;

export function amountsOf(info: PrivateInfo): Amounts {
  const { currency } = info;
  if (currency === undefined) return {};
  const said = PRICES.flatMap((price) => {
    const minor = info[price];
    return minor === undefined ? [] : [[price, fromMinor(minor, currency)] as const];
  });
  return Object.fromEntries(said) as Amounts;
}
