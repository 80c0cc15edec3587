import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CalendarEvent, fold, icalendarOf } from './icalendar.js';

const event = (fields: Partial<CalendarEvent> = {}): CalendarEvent => ({
  uid: '01a1f9cb-9ce2-709d-8ece-d679e3aaa05e',
  date: '2025-06-25',
  summary: 'Restring',
  description: null,
  categories: [],
  priority: null,
  sequence: 0,
  createdAt: '2025-06-01T10:00:00.000Z',
  updatedAt: '2025-06-01T10:00:00.000Z',
  ...fields,
});

describe('A line of a calendar', () => {
  it('is folded at 75 bytes, and unfolds to what it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const line = text.replaceAll(/[\r\n]/g, '');
        const folded = fold(line);
        for (const each of folded.split('\r\n')) expect(Buffer.byteLength(each)).toBeLessThanOrEqual(75);
        expect(folded.replaceAll('\r\n ', '')).toBe(line);
      }),
    );
  });
});

describe('A calendar', () => {
  it('ends before it is too large to be sent, and ends well', () => {
    const description = '𝄞'.repeat(5000);
    const events = Array.from({ length: 20_000 }, () => event({ description }));
    const text = icalendarOf('Quests', events);
    expect(Buffer.byteLength(text)).toBeLessThan(3_100_000);
    expect(text.endsWith('END:VEVENT\r\nEND:VCALENDAR\r\n')).toBe(true);
  });

  it('says the same of the same', () => {
    expect(icalendarOf('Quests', [event()])).toBe(icalendarOf('Quests', [event()]));
  });
});
