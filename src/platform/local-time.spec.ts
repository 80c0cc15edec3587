import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dateIn, dateOf, dayOf, daysAfter, instantOf, nextInstantOf, timeIn } from './local-time.js';

const ZONES = Intl.supportedValuesOf('timeZone');
const zone = fc.constantFrom('UTC', ...ZONES);
const day = fc.integer({ min: dayOf('2012-01-01'), max: dayOf('2037-12-31') }).map(dateOf);

describe('Calendar dates', () => {
  it('of one instant differ around the world', () => {
    const instant = new Date('2025-03-01T11:30:00Z');
    expect(dateIn('Pacific/Kiritimati', instant)).toBe('2025-03-02');
    expect(dateIn('UTC', instant)).toBe('2025-03-01');
    expect(dateIn('Pacific/Pago_Pago', instant)).toBe('2025-03-01');
    expect(dateIn('Pacific/Pago_Pago', new Date('2025-03-01T10:30:00Z'))).toBe('2025-02-28');
  });

  it('follow each other without a gap, daylight saving or not', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -400, max: 400 }), (date, days) => {
        const other = daysAfter(date, days);
        expect(other).toMatch(/^\d{4}-\d{2}-\d{2}$/);
        expect(daysAfter(other, -days)).toBe(date);
        expect(other > date).toBe(days > 0);
      }),
    );
  });
});

describe('The last date', () => {
  it('is followed by none', () => {
    expect([daysAfter('9999-12-31', 1), daysAfter('9999-12-30', 5)]).toEqual(['9999-12-31', '9999-12-31']);
  });
});

describe('The beginning of a day', () => {
  it('is the first second that has its date, in every time zone and across daylight saving', () => {
    fc.assert(
      fc.property(zone, day, (timezone, date) => {
        const begin = instantOf(timezone, date);
        expect(dateIn(timezone, begin)).toBe(date);
        expect(dateIn(timezone, new Date(begin.getTime() - 1000))).toBe(daysAfter(date, -1));
      }),
      { numRuns: 2000 },
    );
  });

  it('is one o’clock where the clocks skip midnight, and comes once where they repeat it', () => {
    // Cairo, 2024-04-26: from 00:00 to 01:00. Asunción, 2024-03-24: from 00:00 back to 23:00.
    expect(timeIn('Africa/Cairo', instantOf('Africa/Cairo', '2024-04-26'))).toBe('01:00');
    expect(instantOf('America/Asuncion', '2024-03-24').toISOString()).toBe('2024-03-24T04:00:00.000Z');
  });

  it('of a day that a zone has left out is that of the next', () => {
    const left = instantOf('Pacific/Apia', '2011-12-30');
    expect(left).toEqual(instantOf('Pacific/Apia', '2011-12-31'));
  });
});

describe('The next time that a clock shows an hour', () => {
  it('comes after now and within two days, and not before that hour of its day', () => {
    const hour = fc.integer({ min: 0, max: 23 }).map((each) => `${String(each).padStart(2, '0')}:00`);
    const now = fc.date({ min: new Date('2012-01-01'), max: new Date('2037-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(zone, hour, now, (timezone, time, instant) => {
        const next = nextInstantOf(timezone, time, instant);
        expect(next > instant).toBe(true);
        // A day, and the three hours by which clocks at Casey were put back: the most that any zone's were.
        expect(next.getTime() - instant.getTime()).toBeLessThanOrEqual(27 * 3600_000);
        const shown = (each: Date) => `${dateIn(timezone, each)} ${timeIn(timezone, each)}`;
        const wanted = `${dateIn(timezone, next)} ${time}`;
        // The first instant that shows it; where the clocks skip it, by an hour or by three (Casey), the one at which they do.
        expect(shown(next) >= wanted).toBe(true);
        expect(shown(new Date(next.getTime() - 1000)) < wanted).toBe(true);
      }),
      { numRuns: 2000, examples: [['Antarctica/Casey', '01:00', new Date('2021-10-01T17:00:00Z')]] },
    );
  });
});
