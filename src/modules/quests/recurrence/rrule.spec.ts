import { describe, expect, it } from '@jest/globals';
import { parseRrule, RruleFault } from './rrule.js';

describe('An RRULE', () => {
  it('is read with or without its name, in any case', () => {
    expect(parseRrule('rrule:freq=monthly;interval=2;byday=-1fr,2MO;count=5')).toEqual({
      frequency: 'MONTHLY',
      interval: 2,
      byDay: [
        { ordinal: -1, day: 5 },
        { ordinal: 2, day: 1 },
      ],
      byMonthDay: [],
      count: 5,
      until: undefined,
    });
    expect(parseRrule('FREQ=YEARLY;BYMONTHDAY=1,-1;UNTIL=20301231')).toMatchObject({
      byMonthDay: [1, -1],
      until: '2030-12-31',
    });
  });

  it.each([
    ['FREQ=HOURLY', 'FREQ must be one of'],
    ['INTERVAL=2', 'FREQ must be one of'],
    ['FREQ=DAILY;BYHOUR=9', 'BYHOUR is not taken'],
    ['FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1', 'BYSETPOS is not taken'],
    ['FREQ=YEARLY;BYMONTH=2', 'BYMONTH is not taken'],
    ['FREQ=WEEKLY;WKST=SU', 'WKST is not taken'],
    ['FREQ=DAILY;', 'An empty part is not taken'],
    ['FREQ=DAILY;FREQ=WEEKLY', 'FREQ stands there twice'],
    ['FREQ=DAILY;COUNT=', 'COUNT has no value'],
    ['FREQ=DAILY;INTERVAL=0', 'INTERVAL must be a whole number from 1 to 999'],
    ['FREQ=DAILY;INTERVAL=1.5', 'INTERVAL must be'],
    ['FREQ=DAILY;COUNT=1001', 'COUNT must be a whole number from 1 to 1000'],
    ['FREQ=DAILY;COUNT=2;UNTIL=20300101', 'COUNT and UNTIL exclude each other'],
    ['FREQ=DAILY;UNTIL=20300230', 'UNTIL must be a calendar date'],
    ['FREQ=DAILY;UNTIL=20300101T000000Z', 'UNTIL must be a calendar date'],
    ['FREQ=WEEKLY;BYDAY=1MO', 'BYDAY takes no ordinals with FREQ=WEEKLY'],
    ['FREQ=MONTHLY;BYDAY=6MO', 'between -5 and 5'],
    ['FREQ=YEARLY;BYDAY=54MO', 'between -53 and 53'],
    ['FREQ=MONTHLY;BYDAY=0MO', 'without 0'],
    ['FREQ=MONTHLY;BYDAY=XX', 'BYDAY must hold days'],
    ['FREQ=MONTHLY;BYMONTHDAY=32', 'BYMONTHDAY must hold days'],
    ['FREQ=MONTHLY;BYMONTHDAY=0', 'BYMONTHDAY must hold days'],
    ['FREQ=WEEKLY;BYMONTHDAY=1', 'BYMONTHDAY does not go with FREQ=WEEKLY'],
    ['every day', 'EVERY DAY is not taken'],
  ])('%s is refused with the reason', (text, reason) => {
    expect(() => parseRrule(text)).toThrow(RruleFault);
    expect(() => parseRrule(text)).toThrow(reason);
  });
});
