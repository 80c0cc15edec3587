/** Works through a list, so many at once, and one such lot after the other. */
export async function someAtOnce<T>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  for (let first = 0; first < items.length; first += most)
    await Promise.all(items.slice(first, first + most).map(work));
}
