import type { Key } from './item.js';
import type { OrElse, Write } from './table.js';

/** How many items of a kind somebody may have, and the row that counts them. */
export interface Limit {
  readonly key: Key;
  readonly EntityType: string;
  readonly most: number;
  /** When there would be more. */
  readonly orElse: OrElse;
}

/** Counts what comes or goes, in the transaction in which it does: so the limit holds whoever else adds one at the same time. */
export const counted = ({ key, EntityType, most, orElse }: Limit, added: number): Write => ({
  update: key,
  change: { EntityType },
  add: { count: added },
  atMost: { count: most - added },
  upsert: true,
  orElse,
});
