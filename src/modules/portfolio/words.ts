import { folded } from '../../platform/key-text.js';

/** Words that differ in more than case, accents and spaces; each as it stands first. */
export function distinct(words: readonly string[]): string[] {
  const seen = new Set<string>();
  return words.filter((word) => !seen.has(folded(word)) && seen.add(folded(word)));
}
