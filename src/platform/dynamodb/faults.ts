import { setTimeout as pause } from 'node:timers/promises';

/** A condition of a write did not hold. `item` is what stands in the table now, if anything does. */
export class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed';

  constructor(
    readonly item: Record<string, unknown> | undefined,
    override readonly cause: unknown,
  ) {
    super('A condition of the write did not hold');
  }
}

/** The item is there, but not in the version that the caller has seen (RFC 9110, 412). */
export class StaleVersion extends Error {
  override readonly name = 'StaleVersion';

  constructor() {
    super('The item has changed since it was read');
  }
}

/** For writes without a condition, such as an upsert: nothing can refuse them. */
export const neverRefused = (): Error => new Error('A write without a condition was refused');

/** So many change one item at a time that this change found no gap. */
export class Contended extends Error {
  override readonly name = 'Contended';

  constructor() {
    super('The item is being changed by others');
  }
}

/** The versions that a client has seen (If-Match); undefined takes any. */
export type SeenVersions = readonly number[] | undefined;

/** @throws {StaleVersion} when it is in a version that the client did not name */
export function assertSeen(version: number, versions: SeenVersions): void {
  if (versions && !versions.includes(version)) throw new StaleVersion();
}

const OPTIMISTIC_TRIES = 8;

/**
 * Runs load → change → conditional write until nobody was faster.
 * @param kind which staleness is met by another try
 * @throws {Contended} when somebody always was.
 */
export async function untilCurrent<T>(
  work: () => Promise<T>,
  kind: typeof StaleVersion = StaleVersion,
): Promise<T> {
  for (let round = 1; ; round += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof kind)) throw error;
      if (round >= OPTIMISTIC_TRIES) throw new Contended();
      await pause(Math.random() * 5 * 2 ** round);
    }
  }
}

/** As `untilCurrent`; but where the client names versions it is the client who decides about another try. */
export const asSeen = <T>(versions: SeenVersions, work: () => Promise<T>): Promise<T> =>
  versions ? work() : untilCurrent(work);
