/** A key and when it was made, in seconds since the epoch. */
export interface DatedKey {
  readonly createdAt: number;
}

/** Keys of one purpose, newest first, as one secret holds them. */
export interface KeyRing<K extends DatedKey> {
  readonly keys: readonly K[];
}

/** Twice as long as a process remembers a secret: after that a new key is known wherever it may be met. */
const KNOWN_EVERYWHERE_SECONDS = 600;

/** The key to sign with: the newest that every process knows already, so that no rotation is ever noticed. */
export function signerOf<K extends DatedKey>({ keys }: KeyRing<K>, now: number): K {
  const signer = keys.find(({ createdAt }) => createdAt + KNOWN_EVERYWHERE_SECONDS <= now) ?? keys.at(-1);
  if (!signer) throw new Error('The secret holds no key');
  return signer;
}

/** The keys whose signatures still count. @param life seconds that what they signed is about */
export function acceptedOf<K extends DatedKey>(
  { keys }: KeyRing<K>,
  now: number,
  life: number,
): readonly K[] {
  return keys.filter((_, position) => {
    const successor = keys[position - 1];
    return !successor || now < successor.createdAt + KNOWN_EVERYWHERE_SECONDS + life;
  });
}
