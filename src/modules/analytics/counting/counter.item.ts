import type { Item, Key, Range } from '../../../platform/dynamodb/item.js';
import type { Counter, DayCount, Group, Sum } from './counter.js';

/*
 * A day that is open is counted in one of several partitions, `COUNT#<shard>`; once it is closed, a worker adds it up:
 * `DAYS#…` has one number a day, `MONTHS#…` and `TOTALS#…` have sums of days.
 */

export const FOLDED_KEY: Key = { PK: 'FOLDED', SK: 'DAYS' };

const nameOf = ({ group, name }: Counter) => `${group}#${name}`;

export const openKey = (shard: number, date: string, counter: Counter): Key => ({
  PK: `COUNT#${shard}`,
  SK: `${date}#${nameOf(counter)}`,
});

export const openOf = (shard: number, from: string, to: string): Range => ({
  partition: `COUNT#${shard}`,
  from,
  to,
});

export const dayCountFrom = ({ SK, count }: Item): DayCount => {
  const [date = '', group = '', name = ''] = SK.split('#');
  return { date, counter: { group, name } as Counter, count: count as number };
};

const PER_DAY = { site: 'DAYS#SITE', content: 'DAYS#CONTENT' } as const;

export const dayKey = (date: string, counter: Counter): Key =>
  counter.group === 'SITE'
    ? { PK: PER_DAY.site, SK: `${date}#${counter.name}` }
    : { PK: PER_DAY.content, SK: `${date}#${nameOf(counter)}` };

/** Of the site, or of all contents. */
export const daysOf = (what: keyof typeof PER_DAY, from: string, to: string): Range => ({
  partition: PER_DAY[what],
  from,
  to,
});

export const siteDayFrom = ({ SK, count }: Item): DayCount => {
  const [date = '', name = ''] = SK.split('#');
  return { date, counter: { group: 'SITE', name } as Counter, count: count as number };
};

export const totalKey = ({ group, name }: Counter): Key => ({ PK: `TOTALS#${group}`, SK: name });
export const totalsOf = (group: Group): Range => ({ partition: `TOTALS#${group}` });

export const monthKey = (month: string, { name }: Counter): Key => ({
  PK: `MONTHS#SITE#${name}`,
  SK: month,
});

export const monthsOf = ({ name }: Counter, from: string, to: string): Range => ({
  partition: `MONTHS#SITE#${name}`,
  from,
  to,
});

export const sumFrom = ({ count, through }: Item): Sum => ({
  count: count as number,
  through: through as string,
});

/** Spread over 256 partitions by the hash’s first byte. */
export const seenKey = (date: string, hash: string): Key => ({
  PK: `SEEN#${date}#${hash.slice(0, 2)}`,
  SK: hash,
});
