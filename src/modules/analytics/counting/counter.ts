import { daysAfter } from '../../../platform/local-time.js';

export const CONTENT_TYPES = ['blog', 'project', 'certification'] as const;
export type ContentType = (typeof CONTENT_TYPES)[number];

/** What is counted of the site as a whole. */
export type SiteCounter = 'VISITORS' | 'VIEWS' | 'BOTS';

/** One number a day. Of a content, `name` is its id. */
export type Counter =
  | { readonly group: 'SITE'; readonly name: SiteCounter }
  | { readonly group: 'BLOG' | 'PROJECT' | 'CERTIFICATION'; readonly name: string };
export type Group = Counter['group'];

export const siteCounter = (name: SiteCounter): Counter => ({ group: 'SITE', name });
export const groupOf = (type: ContentType) => type.toUpperCase() as Exclude<Group, 'SITE'>;
export const viewsOf = (type: ContentType, id: string): Counter => ({ group: groupOf(type), name: id });

/** What was counted on one day. */
export interface DayCount {
  readonly date: string;
  readonly counter: Counter;
  readonly count: number;
}

/** A sum of closed days, each of them added once. */
export interface Sum {
  readonly count: number;
  /** The last of these days. */
  readonly through: string;
}

/** A sum, and what the days after it have had so far. */
export function sumWith(sum: Sum | undefined, open: readonly Pick<DayCount, 'date' | 'count'>[]): number {
  const { count = 0, through = '' } = sum ?? {};
  return open.reduce((total, day) => (day.date > through ? total + day.count : total), count);
}

/** The days whose counts may not have been added to sums yet. @param first of them, if it is before yesterday */
export function openDays(today: string, first: string | undefined): string[] {
  const yesterday = daysAfter(today, -1);
  const days: string[] = [];
  let day = first === undefined || first > yesterday ? yesterday : first;
  for (; day <= today; day = daysAfter(day, 1)) days.push(day);
  return days;
}

const keyOf = ({ date, counter }: DayCount) => `${date}#${counter.group}#${counter.name}`;

/** One count a day and counter, of what lay in several shards; and with them the views of all contents together. */
export function summed(parts: readonly DayCount[]): DayCount[] {
  const sums = new Map<string, DayCount>();
  const add = (part: DayCount) => {
    const known = sums.get(keyOf(part));
    sums.set(keyOf(part), known ? { ...known, count: known.count + part.count } : part);
  };
  for (const part of parts) {
    add(part);
    if (part.counter.group !== 'SITE') add({ ...part, counter: siteCounter('VIEWS') });
  }
  return [...sums.values()];
}

/** One count a day and counter: of a day that was added up what it came to, of others what they have so far. */
export function withOpen(closed: readonly DayCount[], open: readonly DayCount[]): DayCount[] {
  const known = new Set(closed.map(keyOf));
  return [...closed, ...summed(open).filter((day) => !known.has(keyOf(day)))];
}
