import { dateOf, dayOf, daysAfter } from '../../local-time.js';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

const MONTH = `(?:${MONTHS.map((name) => `${name}|${name.slice(0, 3)}\\.?`).join('|')}|sept\\.?)`;
const DAY_OF_MONTH = '\\d{1,2}(?:st|nd|rd|th)?';
const YEAR = '(?:,? \\d{4})?';

/** How people write a day in English; one pattern, for sentences to be searched with. */
export const DAY_WORDS = [
  'the day after tomorrow',
  'today',
  'tonight',
  'tomorrow',
  `(?:next |this )?(?:${WEEKDAYS.join('|')})`,
  '\\d{4}-\\d\\d-\\d\\d',
  'in (?:\\d{1,3}|a|one|two|three) (?:days?|weeks?)',
  `(?:the )?${DAY_OF_MONTH} (?:of )?${MONTH}${YEAR}`,
  `${MONTH} ${DAY_OF_MONTH}${YEAR}`,
].join('|');

/** What looks like a day, and is none that is understood. */
export const UNCLEAR_DAY_WORDS = [
  '\\d{1,4}[-/.]\\d{1,2}[-/.]\\d{1,4}',
  '(?:on|by|for|until|before|due) \\d{1,2}/\\d{1,2}',
  'yesterday',
  '(?:this|next) (?:week|month|year)',
  '(?:(?:at|on|over) )?(?:the|this|next) weekend',
  '(?:(?:at|by|until|before) )?(?:the )?end of (?:the |this |next )?(?:week|month|year)',
  `(?:in|by|until|before) (?:(?:early|late|mid) )?${MONTH}(?: \\d{4})?`,
  'every (?:other )?(?:day|weekday|week|month|year)',
  'in (?:\\w+ )(?:days?|weeks?|months?|years?|hours?|minutes?)',
].join('|');

const NUMBERS: Readonly<Record<string, number>> = { a: 1, one: 1, two: 2, three: 3 };

/**
 * The calendar date that words name, counted from `today`; undefined where there is none. A weekday is the next one,
 * today included, and after "next" without today; a day of a month is the next one.
 */
export function dateOfWords(words: string, today: string): string | undefined {
  const text = words.trim().toLowerCase();
  if (text === 'today' || text === 'tonight') return today;
  if (text === 'tomorrow') return daysAfter(today, 1);
  if (text === 'the day after tomorrow') return daysAfter(today, 2);
  if (/^\d{4}-/.test(text)) return exists(text) ? text : undefined;
  const [, count = '', unit] = /^in (\w+) (day|week)s?$/.exec(text) ?? [];
  if (unit !== undefined)
    return daysAfter(today, (NUMBERS[count] ?? Number(count)) * (unit === 'week' ? 7 : 1));
  const weekday = WEEKDAYS.indexOf(text.replace(/^(?:next|this) /, ''));
  if (weekday >= 0) {
    const first = text.startsWith('next ') ? 1 : 0;
    const ahead = (weekday - new Date(`${daysAfter(today, first)}T00:00:00Z`).getUTCDay() + 7) % 7;
    return daysAfter(today, first + ahead);
  }
  return dayOfMonth(text, today);
}

const DAY_FIRST = /^(?:the )?(\d{1,2})(?:st|nd|rd|th)? (?:of )?([a-z]{3,})\.?(?:,? (\d{4}))?$/;
const MONTH_FIRST = /^([a-z]{3,})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?$/;

/** The next one of a day and a month; or that of a year. */
function dayOfMonth(text: string, today: string): string | undefined {
  const [, first = '', named = '', given] = DAY_FIRST.exec(text) ?? [];
  const [, name = named, day = first, year = given] = MONTH_FIRST.exec(text) ?? [];
  const month = MONTHS.findIndex((known) => name !== '' && known.startsWith(name));
  if (month < 0) return undefined;
  const thisYear = Number(today.slice(0, 4));
  const dates = (year === undefined ? [thisYear, thisYear + 1] : [Number(year)]).map((candidate) =>
    [candidate, String(month + 1).padStart(2, '0'), day.padStart(2, '0')].join('-'),
  );
  return dates.find((date) => exists(date) && (year !== undefined || date >= today));
}

const exists = (date: string): boolean => {
  const day = dayOf(date);
  return !Number.isNaN(day) && dateOf(day) === date;
};
