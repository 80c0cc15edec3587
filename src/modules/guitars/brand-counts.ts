import { keyTextOf } from '../../platform/key-text.js';

/** Spellings that differ in case or accents are one brand, shown as most of its guitars have it. In the order of their first. */
export function brandCounts(brands: readonly string[]): { brand: string; count: number }[] {
  const spellings = new Map<string, Map<string, number>>();
  for (const brand of brands) {
    const counts = spellings.get(keyTextOf(brand)) ?? new Map<string, number>();
    spellings.set(keyTextOf(brand), counts.set(brand, (counts.get(brand) ?? 0) + 1));
  }
  return [...spellings.values()].map((counts) => {
    const [[brand] = ['']] = [...counts].sort(([one, few], [other, many]) =>
      many === few ? (one < other ? -1 : 1) : many - few,
    );
    return { brand, count: [...counts.values()].reduce((sum, count) => sum + count, 0) };
  });
}
