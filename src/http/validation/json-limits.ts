/** Deeper than any request of ours is nested. */
export const MAX_DEPTH = 32;
/** Characters of a property's name. */
export const MAX_NAME_LENGTH = 200;
/** Properties and array entries of one body, all levels together. */
export const MAX_ENTRIES = 2000;

/** Which limit a body exceeds. */
export type ExceededLimit = 'maxDepth' | 'maxNameLength' | 'maxEntries';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const LETTER_U = 0x75;

const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
/** Continuation bytes of UTF-8 begin no character. */
const beginsCharacter = (byte: number) => (byte & 0xc0) !== 0x80;

/**
 * The first limit that a JSON text exceeds, found in one pass over its bytes: nothing is allocated, so that a text which
 * would become a million objects costs no more than one that becomes a single string. A text that is not JSON may pass;
 * the parser refuses it.
 */
export function exceededLimit(bytes: Buffer, maxEntries = MAX_ENTRIES): ExceededLimit | undefined {
  const { length } = bytes;
  let depth = 0;
  let entries = 0;
  let isFirst = false;
  for (let at = 0; at < length; at += 1) {
    const byte = bytes[at] as number;
    if (isSpace(byte)) continue;
    if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      depth -= 1;
      isFirst = false;
      continue;
    }
    if (isFirst || byte === COMMA) {
      entries += 1;
      if (entries > maxEntries) return 'maxEntries';
    }
    isFirst = false;
    if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      depth += 1;
      if (depth > MAX_DEPTH) return 'maxDepth';
      isFirst = true;
    } else if (byte === QUOTE) {
      let characters = 0;
      for (at += 1; at < length && bytes[at] !== QUOTE; at += 1) {
        characters += 1;
        if (bytes[at] === BACKSLASH) at += bytes[at + 1] === LETTER_U ? 5 : 1;
        else while (at + 1 < length && !beginsCharacter(bytes[at + 1] as number)) at += 1;
      }
      if (characters > MAX_NAME_LENGTH && isName(bytes, at + 1)) return 'maxNameLength';
    }
  }
  return undefined;
}

/** Whether the string that ended before `at` is a property's name. */
function isName(bytes: Buffer, at: number): boolean {
  let next = at;
  while (next < bytes.length && isSpace(bytes[next] as number)) next += 1;
  return bytes[next] === COLON;
}
