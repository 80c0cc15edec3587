import { createHash } from 'node:crypto';

const LONGEST = 200;

/** Text as it is compared: without accents, case and odd spaces. */
export const folded = (text: string): string =>
  text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/\s+/g, ' ');

/** The words and numbers of a text, as they are compared. */
export const foldedWords = (text: string): string[] => folded(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** A text as part of a key: compared without accents and case, in characters that keys may hold, of bounded length. */
export function keyTextOf(text: string): string {
  const key = encodeURIComponent(folded(text)).replaceAll(
    /[!~*'()]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  if (key.length <= LONGEST) return key;
  return key.slice(0, LONGEST) + createHash('sha256').update(key).digest('hex').slice(0, 16);
}
