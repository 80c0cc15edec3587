import type { Change, Item, Key, NewItem, Where } from './item.js';

/** Collects the placeholders of one request; every attribute is a placeholder, so no reserved word can clash. */
class Placeholders {
  private readonly names: Record<string, string> = {};
  private readonly values: Record<string, unknown> = {};

  name(attribute: string): string {
    const path = attribute.split('.');
    for (const part of path) this.names[`#${part.replaceAll(/\W/g, '_')}`] = part;
    return path.map((part) => `#${part.replaceAll(/\W/g, '_')}`).join('.');
  }

  value(value: unknown): string {
    const placeholder = `:v${Object.keys(this.values).length}`;
    this.values[placeholder] = value;
    return placeholder;
  }

  equals(where: Where): string[] {
    return Object.entries(where).map(([attribute, expected]) =>
      expected === null
        ? `attribute_not_exists(${this.name(attribute)})`
        : `${this.name(attribute)} = ${this.value(expected)}`,
    );
  }

  input(): {
    ExpressionAttributeNames?: Record<string, string>;
    ExpressionAttributeValues?: Record<string, unknown>;
  } {
    return {
      ...(Object.keys(this.names).length > 0 && { ExpressionAttributeNames: this.names }),
      ...(Object.keys(this.values).length > 0 && { ExpressionAttributeValues: this.values }),
    };
  }
}

const OLD_IMAGE = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };

/** A put that makes an item which must not be there; what has expired (TTL deletion lags by days) is not there. */
export function putInput(table: string, item: Item, now: number) {
  const placeholders = new Placeholders();
  const free = `attribute_not_exists(${placeholders.name('PK')})`;
  const expired = `${placeholders.name('ExpiresAt')} <= ${placeholders.value(now)}`;
  return {
    TableName: table,
    Item: item,
    ConditionExpression: `${free} OR ${expired}`,
    ...placeholders.input(),
    ...OLD_IMAGE,
  };
}

/**
 * A put in place of what was read: the version, and the last write, which may have been one that left the version
 * alone. `tokensAfter` keeps the token of what was read in the second place.
 */
export function replaceInput(table: string, item: Item) {
  const placeholders = new Placeholders();
  const [, replaced] = item.WriteTokens;
  return {
    TableName: table,
    Item: item,
    ConditionExpression: [
      ...placeholders.equals({ Version: item.Version - 1 }),
      `${placeholders.name('WriteTokens')}[0] = ${placeholders.value(replaced)}`,
    ].join(' AND '),
    ...placeholders.input(),
    ...OLD_IMAGE,
  };
}

export interface UpdateOptions {
  readonly where?: Where | undefined;
  /** The versions that If-Match names; undefined takes any. */
  readonly versions?: readonly number[] | undefined;
  /**
   * Whether the item may be new; otherwise it must be there. A repetition of such an update is not recognised:
   * what must be counted exactly is counted in a transaction.
   */
  readonly upsert?: boolean;
  /** Bookkeeping that no client wrote (a last login, say) leaves version and `UpdatedAt` alone. */
  readonly silent?: boolean;
  /** What a new item says of when it was made: the instant of the write without it. */
  readonly createdAt?: string;
  readonly add?: Readonly<Record<string, number>>;
  /** Attributes that a change sets along with others, and that make no difference by themselves: when it was done, say. */
  readonly along?: readonly string[];
  /** What numbers must not exceed before the change; one that is not there is 0. */
  readonly atMost?: Readonly<Record<string, number>>;
}

/** Whether an item meets what an update expects of it, its version included. */
export const meets = (item: Item, { where = {}, versions }: UpdateOptions): boolean =>
  (!versions || versions.includes(item.Version)) &&
  Object.entries(where).every(([attribute, expected]) => (item[attribute] ?? null) === expected);

export function updateInput(
  table: string,
  { PK, SK }: Key,
  change: Change,
  token: string,
  now: string,
  {
    where = {},
    versions,
    upsert = false,
    silent = false,
    createdAt = now,
    add = {},
    along = [],
    atMost = {},
  }: UpdateOptions = {},
  { onlyIfChanged = false } = {},
) {
  const placeholders = new Placeholders();
  const set = upsert
    ? [`${placeholders.name('WriteTokens')} = ${placeholders.value(tokensAfter([], token))}`]
    : rememberedTokens(placeholders, token);
  const remove: string[] = [];
  const differences: string[] = [];
  for (const [attribute, value] of Object.entries(change)) {
    if (value === undefined) continue;
    const name = placeholders.name(attribute);
    const equality = value === null ? undefined : `${name} = ${placeholders.value(value)}`;
    if (equality === undefined) remove.push(name);
    else set.push(equality);
    if (along.includes(attribute)) continue;
    differences.push(equality === undefined ? `attribute_exists(${name})` : `NOT ${equality}`);
  }
  for (const [attribute, amount] of Object.entries(add)) set.push(increment(placeholders, attribute, amount));
  if (!silent) {
    set.push(
      `${placeholders.name('UpdatedAt')} = ${placeholders.value(now)}`,
      increment(placeholders, 'Version', 1),
    );
  }
  if (upsert) {
    const created = placeholders.name('CreatedAt');
    set.push(`${created} = if_not_exists(${created}, ${placeholders.value(createdAt)})`);
  }
  const conditions = [
    ...(upsert
      ? []
      : [
          `attribute_exists(${placeholders.name('PK')})`,
          `NOT contains(${placeholders.name('WriteTokens')}, ${placeholders.value(token)})`,
        ]),
    ...placeholders.equals(where),
    ...Object.entries(atMost).map(([attribute, most]) => {
      const name = placeholders.name(attribute);
      return `(attribute_not_exists(${name}) OR ${name} <= ${placeholders.value(most)})`;
    }),
  ];
  conditions.push(...oneOf(placeholders, versions));
  if (onlyIfChanged) conditions.push(`(${differences.join(' OR ')})`);
  return {
    TableName: table,
    Key: { PK, SK },
    UpdateExpression: `SET ${set.join(', ')}${remove.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''}`,
    ...(conditions.length > 0 && { ConditionExpression: conditions.join(' AND ') }),
    ...placeholders.input(),
    ...OLD_IMAGE,
  };
}

/** Puts a token before the ones that are remembered (`tokensAfter`); the right sides are those before the update. */
function rememberedTokens(placeholders: Placeholders, token: string): string[] {
  const list = placeholders.name('WriteTokens');
  return [
    `${list}[0] = ${placeholders.value(token)}`,
    ...Array.from(
      { length: TOKENS_REMEMBERED - 1 },
      (_, position) => `${list}[${position + 1}] = ${list}[${position}]`,
    ),
  ];
}

/** The versions that If-Match names; an empty list is no version at all. */
function oneOf(placeholders: Placeholders, versions: readonly number[] | undefined): string[] {
  if (!versions) return [];
  const list = (versions.length === 0 ? [-1] : versions).map((version) => placeholders.value(version));
  return [`${placeholders.name('Version')} IN (${list.join(', ')})`];
}

function increment(placeholders: Placeholders, attribute: string, amount: number): string {
  const name = placeholders.name(attribute);
  return `${name} = if_not_exists(${name}, ${placeholders.value(0)}) + ${placeholders.value(amount)}`;
}

/** The condition of a delete or of a check: the item is there, and as expected. */
export function conditionInput(
  table: string,
  { PK, SK }: Key,
  { where = {}, versions }: Pick<UpdateOptions, 'where' | 'versions'> = {},
) {
  const placeholders = new Placeholders();
  const conditions = [`attribute_exists(${placeholders.name('PK')})`, ...placeholders.equals(where)];
  conditions.push(...oneOf(placeholders, versions));
  return {
    TableName: table,
    Key: { PK, SK },
    ConditionExpression: conditions.join(' AND '),
    ...placeholders.input(),
    ...OLD_IMAGE,
  };
}

/** The key condition of a range, the filter on what lies in it, and what is shown of that. */
export function queryInput(
  table: string,
  range: { index?: string | undefined; partition: string; lower?: string; upper?: string },
  { where, only }: { where?: Where | undefined; only?: readonly string[] | undefined } = {},
) {
  const placeholders = new Placeholders();
  const prefix = range.index ?? '';
  const conditions = [`${placeholders.name(`${prefix}PK`)} = ${placeholders.value(range.partition)}`];
  if (range.lower !== undefined && range.upper !== undefined) {
    conditions.push(
      `${placeholders.name(`${prefix}SK`)} BETWEEN ${placeholders.value(range.lower)} AND ${placeholders.value(range.upper)}`,
    );
  }
  const filters = where ? placeholders.equals(where) : [];
  const shown = only
    ? [...new Set(['PK', 'SK', `${prefix}SK`, ...only])].map((name) => placeholders.name(name))
    : [];
  return {
    TableName: table,
    ...(range.index && { IndexName: range.index }),
    KeyConditionExpression: conditions.join(' AND '),
    ...(filters.length > 0 && { FilterExpression: filters.join(' AND ') }),
    ...(shown.length > 0 && { ProjectionExpression: shown.join(', ') }),
    ...placeholders.input(),
  };
}

/** Fills in what every stored item carries. */
export function stamped(item: NewItem, now: string, token: string): Item {
  return {
    ...item,
    CreatedAt: now,
    UpdatedAt: now,
    Version: 1,
    Schema: 1,
    WriteTokens: tokensAfter([], token),
  };
}

/** More changes than these between a change and its repetition would hide the first. */
const TOKENS_REMEMBERED = 4;

/** A token before those that are remembered, and behind them the one that made the item: it stays. */
export function tokensAfter(remembered: readonly string[], token: string): readonly string[] {
  const shifted = [token, ...remembered.slice(0, TOKENS_REMEMBERED - 1)];
  const last = Array.from({ length: TOKENS_REMEMBERED }, (_, position) => shifted[position] ?? '-');
  return [...last, remembered[TOKENS_REMEMBERED] ?? token];
}
