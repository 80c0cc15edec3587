import { daysAfter } from '../../../platform/local-time.js';

/** Something that takes a whole day, or is due on it. */
export interface CalendarEvent {
  /** A UUID (RFC 7986, 5.3); the same as long as the event is the same. */
  readonly uid: string;
  readonly date: string;
  readonly summary: string;
  readonly description: string | null;
  readonly categories: readonly string[];
  /** 1 is highest, 9 lowest. */
  readonly priority: number | null;
  /** Grows with each change. */
  readonly sequence: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const LINE_BYTES = 75;
/** Lambda answers with at most 6 MB, of which base64 takes a third. */
const MOST_BYTES = 3_000_000;
/** More of it nobody reads in a calendar. */
const DESCRIPTION_LENGTH = 1000;

/** RFC 5545, 3.3.11. */
const escapeText = (text: string): string =>
  text.replaceAll(/[\\;,]/g, (character) => `\\${character}`).replaceAll('\n', '\\n');

const dateValue = (date: string): string => date.replaceAll('-', '');
const instantValue = (instant: string): string => `${instant.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** Lines of at most 75 bytes, the others begun with a space (RFC 5545, 3.1); no character is cut in two. */
export function fold(line: string): string {
  const lines: string[] = [];
  let [current, bytes] = ['', 0];
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (bytes + size > LINE_BYTES) {
      lines.push(current);
      [current, bytes] = [' ', 1];
    }
    current += character;
    bytes += size;
  }
  return [...lines, current].join('\r\n');
}

/**
 * An iCalendar stream (RFC 5545) of all-day events, which every calendar shows; to-dos most of them leave out of a
 * subscription. The first 3 MB of them, so that it can be answered. DTSTAMP is the last change, so that a calendar in which nothing has changed is the same byte for byte.
 */
export function icalendarOf(name: string, events: readonly CalendarEvent[]): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Hearth//Quests//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `NAME:${escapeText(name)}`,
    `X-WR-CALNAME:${escapeText(name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    'X-PUBLISHED-TTL:PT1H',
  ];
  const written = [asText(lines)];
  let bytes = 0;
  for (const event of events) {
    const text = asText(linesOf(event));
    bytes += Buffer.byteLength(text);
    if (bytes > MOST_BYTES) break;
    written.push(text);
  }
  return [...written, asText(['END:VCALENDAR'])].join('');
}

const asText = (lines: readonly string[]): string => lines.map((line) => `${fold(line)}\r\n`).join('');

const linesOf = (event: CalendarEvent): readonly string[] => [
  'BEGIN:VEVENT',
  `UID:${event.uid}`,
  `DTSTAMP:${instantValue(event.updatedAt)}`,
  `CREATED:${instantValue(event.createdAt)}`,
  `LAST-MODIFIED:${instantValue(event.updatedAt)}`,
  `SEQUENCE:${event.sequence}`,
  `DTSTART;VALUE=DATE:${dateValue(event.date)}`,
  `DTEND;VALUE=DATE:${dateValue(daysAfter(event.date, 1))}`,
  `SUMMARY:${escapeText(event.summary)}`,
  ...(event.description === null
    ? []
    : [`DESCRIPTION:${escapeText(event.description.slice(0, DESCRIPTION_LENGTH))}`]),
  ...(event.categories.length === 0 ? [] : [`CATEGORIES:${event.categories.map(escapeText).join(',')}`]),
  ...(event.priority === null ? [] : [`PRIORITY:${event.priority}`]),
  'STATUS:CONFIRMED',
  'TRANSP:TRANSPARENT',
  'END:VEVENT',
];
