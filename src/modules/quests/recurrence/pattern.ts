import { dateOf, dayOf, LAST_DATE } from '../../../platform/local-time.js';

/** A weekday, 0 being Sunday; the `ordinal`th of its month or year, from the end if negative, every one if 0. */
export interface Weekday {
  readonly ordinal: number;
  readonly day: number;
}

/** What RFC 5545 (3.3.10) says of calendar dates, as far as it is taken here. */
export interface Pattern {
  readonly frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';
  readonly interval: number;
  readonly byDay: readonly Weekday[];
  /** 1 to 31, or -1 to -31 from the end of the month. */
  readonly byMonthDay: readonly number[];
  readonly count?: number | undefined;
  /** The last date that may be. */
  readonly until?: string | undefined;
  /** Takes a month's last day where it has no 29th, 30th or 31st; RFC 5545 leaves such a month out. */
  readonly clamped?: boolean;
}

/** The calendar repeats itself after so many years: what has not come by then does not come. */
const SEARCHED_YEARS = 400;
const DAYS_PER_YEAR = 366;

/** The weekday of a day, 0 being Sunday; 1970-01-01 was a Thursday. */
const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;
/** RFC 5545's default: weeks begin on Monday. */
const mondayOf = (day: number): number => day - ((weekdayOf(day) + 6) % 7);
const firstOfMonth = (year: number, month: number): number => Date.UTC(year, month, 1) / 86_400_000;
const lengthOfMonth = (year: number, month: number): number =>
  firstOfMonth(year, month + 1) - firstOfMonth(year, month);
const yearOf = (day: number): number => Number(dateOf(day).slice(0, 4));
const monthOf = (day: number): number => Number(dateOf(day).slice(5, 7)) - 1;

/**
 * The dates of a pattern, oldest first, those before `from` left out. What came before them is counted, but walked
 * through only where the pattern has a count.
 * @param start where the pattern begins (DTSTART); it is a date of the pattern only if it matches
 */
export function* datesOf(pattern: Pattern, start: string, from = start): Generator<string> {
  const { interval, count = Number.POSITIVE_INFINITY, until = LAST_DATE } = pattern;
  const [first, wanted, last] = [dayOf(start), dayOf(from > start ? from : start), dayOf(until)];
  const periods = PERIODS[pattern.frequency](pattern, first);
  const horizon = wanted + SEARCHED_YEARS * DAYS_PER_YEAR;
  const skipped = count === Number.POSITIVE_INFINITY ? periods.indexOf(wanted) : 0;
  let counted = 0;
  for (let index = Math.floor(skipped / interval) * interval; ; index += interval) {
    const { begin, days } = periods.at(index);
    if (begin > last || begin > horizon) return;
    for (const day of days()) {
      if (day < first) continue;
      counted += 1;
      if (day > last || counted > count) return;
      if (day >= wanted) yield dateOf(day);
    }
  }
}

interface Periods {
  /** Which period, counted from the first, holds a day. */
  indexOf(day: number): number;
  at(index: number): { readonly begin: number; days(): readonly number[] };
}

const PERIODS: Readonly<Record<Pattern['frequency'], (pattern: Pattern, start: number) => Periods>> = {
  DAILY: (pattern, start) => ({
    indexOf: (day) => day - start,
    at: (index) => ({ begin: start + index, days: () => daily(pattern, start + index) }),
  }),
  WEEKLY: (pattern, start) => {
    const monday = mondayOf(start);
    return {
      indexOf: (day) => (mondayOf(day) - monday) / 7,
      at: (index) => ({ begin: monday + 7 * index, days: () => weekly(pattern, monday + 7 * index, start) }),
    };
  },
  MONTHLY: (pattern, start) => {
    const month = yearOf(start) * 12 + monthOf(start);
    return {
      indexOf: (day) => yearOf(day) * 12 + monthOf(day) - month,
      at: (index) => {
        const [year, inYear] = [Math.floor((month + index) / 12), (month + index) % 12];
        return { begin: firstOfMonth(year, inYear), days: () => monthly(pattern, year, inYear, start) };
      },
    };
  },
  YEARLY: (pattern, start) => {
    const year = yearOf(start);
    return {
      indexOf: (day) => yearOf(day) - year,
      at: (index) => ({
        begin: firstOfMonth(year + index, 0),
        days: () => yearly(pattern, year + index, start),
      }),
    };
  },
};

function daily({ byDay, byMonthDay }: Pattern, day: number): readonly number[] {
  const onWeekday = byDay.length === 0 || byDay.some((each) => each.day === weekdayOf(day));
  return onWeekday && isAmong(byMonthDay, day) ? [day] : [];
}

function weekly({ byDay }: Pattern, monday: number, start: number): readonly number[] {
  const weekdays = byDay.length === 0 ? [weekdayOf(start)] : byDay.map(({ day }) => day);
  return sorted(weekdays.map((weekday) => monday + ((weekday + 6) % 7)));
}

function monthly(pattern: Pattern, year: number, month: number, start: number): readonly number[] {
  const { byDay, byMonthDay, clamped } = pattern;
  const [first, length] = [firstOfMonth(year, month), lengthOfMonth(year, month)];
  if (byDay.length > 0) {
    return weekdaysWithin(byDay, first, length).filter((day) => isAmong(byMonthDay, day));
  }
  if (byMonthDay.length > 0) return daysOfMonth(byMonthDay, first, length);
  const dayOfMonth = Number(dateOf(start).slice(8));
  if (dayOfMonth > length) return clamped ? [first + length - 1] : [];
  return [first + dayOfMonth - 1];
}

function yearly(pattern: Pattern, year: number, start: number): readonly number[] {
  const { byDay, byMonthDay } = pattern;
  const first = firstOfMonth(year, 0);
  if (byDay.length > 0) {
    return weekdaysWithin(byDay, first, firstOfMonth(year + 1, 0) - first).filter((day) =>
      isAmong(byMonthDay, day),
    );
  }
  if (byMonthDay.length > 0) {
    return Array.from({ length: 12 }, (_, month) =>
      daysOfMonth(byMonthDay, firstOfMonth(year, month), lengthOfMonth(year, month)),
    ).flat();
  }
  return monthly(pattern, year, monthOf(start), start);
}

/** The weekdays in a month or year, and the ordinals of theirs that are asked for. */
function weekdaysWithin(weekdays: readonly Weekday[], first: number, length: number): readonly number[] {
  const days = weekdays.flatMap(({ ordinal, day }) => {
    const all: number[] = [];
    const earliest = first + ((day - weekdayOf(first) + 7) % 7);
    for (let each = earliest; each < first + length; each += 7) all.push(each);
    if (ordinal === 0) return all;
    const nth = all[ordinal > 0 ? ordinal - 1 : all.length + ordinal];
    return nth === undefined ? [] : [nth];
  });
  return sorted(days);
}

/** The days of a month by number, from its end if negative; what it does not have is left out. */
function daysOfMonth(monthDays: readonly number[], first: number, length: number): readonly number[] {
  const days = monthDays.map((each) => (each > 0 ? each : length + 1 + each));
  return sorted(days.filter((each) => each >= 1 && each <= length).map((each) => first + each - 1));
}

/** Whether a day is one of the days of its month that are asked for, if any are. */
function isAmong(monthDays: readonly number[], day: number): boolean {
  if (monthDays.length === 0) return true;
  const [year, month] = [yearOf(day), monthOf(day)];
  return daysOfMonth(monthDays, firstOfMonth(year, month), lengthOfMonth(year, month)).includes(day);
}

const sorted = (days: readonly number[]): readonly number[] =>
  [...new Set(days)].sort((one, other) => one - other);
