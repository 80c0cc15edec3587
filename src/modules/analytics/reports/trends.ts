import { dayOf, daysAfter } from '../../../platform/local-time.js';
import type { DayCount, SiteCounter } from '../counting/counter.js';
import type { ChangeResponse } from '../dto/analytics.dto.js';

/** Every date from one to another. */
export const datesBetween = (from: string, to: string): string[] =>
  Array.from({ length: dayOf(to) - dayOf(from) + 1 }, (_, position) => daysAfter(from, position));

/** The last months, oldest first, like `2026-11`. */
export function lastMonths(today: string, months: number): string[] {
  const [year = 0, month = 0] = today.split('-').map(Number);
  return Array.from({ length: months }, (_, position) => {
    const number = year * 12 + (month - 1) - (months - 1 - position);
    return `${String(Math.floor(number / 12)).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`;
  });
}

/** What the site has had on each day; a day without a number had nothing. */
export function numbersOf(days: readonly DayCount[], name: SiteCounter): Map<string, number> {
  const own = days.filter(({ counter }) => counter.group === 'SITE' && counter.name === name);
  return new Map(own.map(({ date, count }) => [date, count]));
}

const sumOf = (numbers: ReadonlyMap<string, number>, dates: readonly string[]): number =>
  dates.reduce((sum, date) => sum + (numbers.get(date) ?? 0), 0);

/** A period against the one before it. */
export function changeOf(
  numbers: ReadonlyMap<string, number>,
  dates: readonly string[],
  before: readonly string[],
): ChangeResponse {
  const [count, previous] = [sumOf(numbers, dates), sumOf(numbers, before)];
  const change = previous === 0 ? null : Math.round(((count - previous) / previous) * 1000) / 10;
  return { count, previous, change };
}
