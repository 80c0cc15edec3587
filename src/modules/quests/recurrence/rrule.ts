import { isDateOnly } from '../../../http/validation/validation.decorators.js';
import type { Pattern, Weekday } from './pattern.js';

/** An RRULE is not one of RFC 5545, or says something that is not taken here. */
export class RruleFault extends Error {
  override readonly name = 'RruleFault';
}

export const LARGEST_INTERVAL = 999;
export const LARGEST_COUNT = 1000;

const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
const PARTS = ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'COUNT', 'UNTIL'] as const;
const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
/** How far an ordinal can count. */
const ORDINALS = { MONTHLY: 5, YEARLY: 53 } as const;

/**
 * Reads the part of RFC 5545 (3.3.10) that has to do with dates: FREQ from DAILY to YEARLY, INTERVAL, BYDAY with
 * ordinals, BYMONTHDAY, COUNT, UNTIL.
 * @throws {RruleFault} with what is wrong, or not taken
 */
export function parseRrule(text: string): Pattern {
  const parts = partsOf(text);
  const frequency = FREQUENCIES.find((each) => each === parts.get('FREQ'));
  if (!frequency) throw new RruleFault(`FREQ must be one of ${FREQUENCIES.join(', ')}`);
  const byDay = listOf(parts.get('BYDAY')).map((each) => weekdayFrom(each, frequency));
  const byMonthDay = listOf(parts.get('BYMONTHDAY')).map(monthDayFrom);
  if (frequency === 'WEEKLY' && byMonthDay.length > 0)
    throw new RruleFault('BYMONTHDAY does not go with FREQ=WEEKLY');
  if (parts.has('COUNT') && parts.has('UNTIL')) throw new RruleFault('COUNT and UNTIL exclude each other');
  return {
    frequency,
    interval: wholeNumber('INTERVAL', parts.get('INTERVAL') ?? '1', LARGEST_INTERVAL),
    byDay,
    byMonthDay,
    count: parts.has('COUNT') ? wholeNumber('COUNT', parts.get('COUNT') ?? '', LARGEST_COUNT) : undefined,
    until: parts.has('UNTIL') ? dateFrom(parts.get('UNTIL') ?? '') : undefined,
  };
}

function partsOf(text: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const part of text
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .split(';')) {
    const [name = '', value = ''] = part.split(/=(.*)/s);
    if (!PARTS.some((known) => known === name))
      throw new RruleFault(`${name || 'An empty part'} is not taken; what is: ${PARTS.join(', ')}`);
    if (parts.has(name)) throw new RruleFault(`${name} stands there twice`);
    if (value === '') throw new RruleFault(`${name} has no value`);
    parts.set(name, value);
  }
  return parts;
}

const listOf = (value: string | undefined): readonly string[] => value?.split(',') ?? [];

function wholeNumber(name: string, value: string, largest: number): number {
  const number = Number(value);
  if (!/^\d{1,6}$/.test(value) || number < 1 || number > largest)
    throw new RruleFault(`${name} must be a whole number from 1 to ${largest}`);
  return number;
}

function weekdayFrom(value: string, frequency: Pattern['frequency']): Weekday {
  const [, ordinal = '', name = ''] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(value) ?? [];
  const day = WEEKDAYS.indexOf(name);
  if (day < 0) throw new RruleFault(`BYDAY must hold days like MO, 1FR or -1SU, not ${value}`);
  if (ordinal === '') return { ordinal: 0, day };
  if (frequency !== 'MONTHLY' && frequency !== 'YEARLY')
    throw new RruleFault(`BYDAY takes no ordinals with FREQ=${frequency}`);
  const largest = ORDINALS[frequency];
  if (Number(ordinal) === 0 || Math.abs(Number(ordinal)) > largest)
    throw new RruleFault(`The ordinals of BYDAY lie between -${largest} and ${largest}, without 0`);
  return { ordinal: Number(ordinal), day };
}

function monthDayFrom(value: string): number {
  const number = Number(value);
  if (!/^[+-]?\d{1,2}$/.test(value) || number === 0 || Math.abs(number) > 31)
    throw new RruleFault('BYMONTHDAY must hold days from 1 to 31, or -31 to -1');
  return number;
}

function dateFrom(value: string): string {
  const date = value.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  if (!isDateOnly(date)) throw new RruleFault('UNTIL must be a calendar date like 20251231');
  return date;
}
