import { isDeepStrictEqual } from 'node:util';

/** The primary key of an item. */
export interface Key {
  readonly PK: string;
  readonly SK: string;
}

/** What a repository hands over to be stored: its keys, what kind of entity it is, and its own attributes. */
export interface NewItem extends Key {
  readonly EntityType: string;
  readonly GSI1PK?: string | undefined;
  readonly GSI1SK?: string | undefined;
  readonly GSI2PK?: string | undefined;
  readonly GSI2SK?: string | undefined;
  readonly GSI3PK?: string | undefined;
  readonly GSI3SK?: string | undefined;
  readonly Status?: string;
  /** Seconds since the epoch; DynamoDB's TTL. */
  readonly ExpiresAt?: number | undefined;
  readonly [attribute: string]: unknown;
}

/** What stands in the table. */
export interface Item extends NewItem {
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
  readonly Version: number;
  /** The shape of the item; readers understand older ones. */
  readonly Schema: number;
  /**
   * Names the last writes, newest first, and behind them the one that made the item (for an upsert, the last one): how a
   * repeated write recognises its own first try, also under later ones.
   */
  readonly WriteTokens: readonly string[];
}

/** A partial change: `undefined` leaves an attribute alone, `null` removes it. */
export type Change = Readonly<Record<string, unknown>>;

/** Whether an item has these values already. What is undefined inside a value is not stored, and so is no difference. */
export const changesNothing = (item: Readonly<Record<string, unknown>>, change: Change): boolean =>
  Object.entries(change).every(
    ([attribute, value]) =>
      value === undefined || isDeepStrictEqual(asStored(value), asStored(item[attribute])),
  );

const asStored = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

/** Equalities that must hold; `null` says that the attribute must be absent. */
export type Where = Readonly<Record<string, string | number | boolean | null>>;

export type IndexName = 'GSI1' | 'GSI2' | 'GSI3';

/** A stretch of one partition: sort keys that begin with `prefix`, then lie between `from` and `to`, both included. */
export interface Range {
  readonly index?: IndexName;
  readonly partition: string;
  readonly prefix?: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * One list, made of one range or merged from several by what follows their prefixes.
 * `where` filters inside one person's partition; what it costs is bounded (see `Table.page`).
 */
export interface Listing {
  readonly ranges: readonly Range[];
  readonly order: 'ascending' | 'descending';
  readonly where?: Where | undefined;
  /** Filters what equality cannot say, at the same cost as `where`. */
  readonly keep?: ((item: Item) => boolean) | undefined;
  /** Reads these attributes alone, and the keys: less to carry, at the same cost. */
  readonly only?: readonly string[] | undefined;
  /** Whether rows are read whose time is over and which TTL has not removed yet. */
  readonly withExpired?: boolean;
  /** Reads the latest writes, for twice the units; not through an index. */
  readonly consistent?: boolean;
}

export interface PageRequest {
  readonly limit: number;
  /** Where the page before ended: the sort key after its prefix. */
  readonly after?: string | undefined;
}

/** A class, so that nothing a client has stored can pass for one. */
export class Page<T> {
  /** @param next where the next page begins, or null on the last one */
  constructor(
    readonly items: readonly T[],
    readonly next: string | null,
  ) {}

  map<U>(change: (item: T) => U): Page<U> {
    return new Page(
      this.items.map((item) => change(item)),
      this.next,
    );
  }
}

/** An optional text of an item. */
export const textOf = (item: Item, name: string): string | null => (item[name] as string | undefined) ?? null;

/** Leaves out what is null or undefined: an index is sparse by the absence of its keys. */
export function compact(item: Record<string, unknown>): NewItem {
  const present = Object.entries(item).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(present) as unknown as NewItem;
}
