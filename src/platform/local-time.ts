const SECOND_MS = 1000;
const DAY_MS = 86_400_000;
/** Local time is at most fourteen hours ahead of UTC and twelve behind it. */
const FURTHEST_MS = 16 * 3600 * SECOND_MS;
const REMEMBERED_ZONES = 600;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timezone: string): Intl.DateTimeFormat {
  let format = formats.get(timezone);
  if (!format) {
    format = new Intl.DateTimeFormat('en', {
      timeZone: timezone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    if (formats.size >= REMEMBERED_ZONES) formats.clear();
    formats.set(timezone, format);
  }
  return format;
}

function partsIn(timezone: string, instant: Date): { date: string; time: string } {
  const parts = formatOf(timezone).formatToParts(instant);
  const part = (type: string) => parts.find((entry) => entry.type === type)?.value ?? '';
  return {
    date: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
  };
}

/** The calendar date that it is somewhere, as `YYYY-MM-DD`. */
export const dateIn = (timezone: string, instant: Date): string => partsIn(timezone, instant).date;

/** The time of day that it is somewhere, as `HH:MM`. */
export const timeIn = (timezone: string, instant: Date): string => partsIn(timezone, instant).time;

/** A calendar date as a number: days since 1970-01-01. */
export const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS;

/** When a calendar date begins in UTC, in seconds since the epoch. */
export const secondsOf = (date: string): number => dayOf(date) * (DAY_MS / SECOND_MS);

/** Dates have four digits for the year: none is after this one. */
export const LAST_DATE = '9999-12-31';
const LAST_DAY = dayOf(LAST_DATE);

export const dateOf = (day: number): string =>
  new Date(Math.min(day, LAST_DAY) * DAY_MS).toISOString().slice(0, 10);

/** The calendar date so many days after another; at most the last there is. */
export const daysAfter = (date: string, days: number): string => dateOf(dayOf(date) + days);

/**
 * The first instant, to the second, at which it is `date` and `time` or later somewhere. A time that the clocks skip is
 * the instant at which they do; a date that a zone has left out (Samoa, 2011-12-30) is the next one's beginning.
 */
export function instantOf(timezone: string, date: string, time = '00:00'): Date {
  const around = Date.parse(`${date}T${time}:00Z`);
  const reached = (milliseconds: number) => {
    const there = partsIn(timezone, new Date(milliseconds));
    return there.date > date || (there.date === date && there.time >= time);
  };
  let [before, after] = [around - FURTHEST_MS, around + FURTHEST_MS];
  while (after - before > SECOND_MS) {
    const middle = before + Math.floor((after - before) / 2 / SECOND_MS) * SECOND_MS;
    if (reached(middle)) after = middle;
    else before = middle;
  }
  return new Date(after);
}

/** The first instant after another at which a clock somewhere shows a time of day, as `HH:MM`. */
export function nextInstantOf(timezone: string, time: string, after: Date): Date {
  const today = dateIn(timezone, after);
  const candidates = [today, daysAfter(today, 1), daysAfter(today, 2)].map((date) =>
    instantOf(timezone, date, time),
  );
  return candidates.find((candidate) => candidate > after) ?? new Date(after.getTime() + DAY_MS);
}
