import { Injectable } from '@nestjs/common';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { Connection } from './connection.js';
import { queryInput } from './expressions.js';
import { type Item, type Listing, Page, type PageRequest, type Range } from './item.js';

const READ_AT_ONCE = 1000;
const QUERIES_PER_PAGE = 4;
/** Lambda answers with at most 6 MB. */
const PAGE_BYTES = 4 * 1024 * 1024;
/** Below and above every character that a key holds after its prefix. */
const LOWEST = '!';
const HIGHEST = '~';

/** An item, and its sort key after its prefix. */
interface Found {
  readonly position: string;
  readonly item: Item;
}

/** Reads lists: pages of one range, or of several that are merged. */
@Injectable()
export class Listings {
  constructor(private readonly connection: Connection) {}

  /**
   * One page, full unless it is the last. Ranges are merged by what follows their prefixes.
   * One Query a range as a rule; where a filter or DynamoDB's 1 MB limit leaves the page short, up to four,
   * after which the page ends early and its cursor goes on; as it does before an answer grows too large.
   */
  async page(listing: Listing, request: PageRequest): Promise<Page<Item>> {
    const { found, next } = await this.read(listing, request);
    const shown = withinBytes(found);
    const cut = shown.length < found.length ? (shown.at(-1)?.position ?? null) : next;
    return new Page(
      shown.map(({ item }) => item),
      cut,
    );
  }

  private async read(
    listing: Listing,
    { limit, after }: PageRequest,
  ): Promise<{ found: Found[]; next: string | null }> {
    const { ranges, order } = listing;
    const needed = limit + 1;
    const parts = await Promise.all(ranges.map((range) => this.readRange(range, listing, after, needed)));
    const before = (one: string, other: string) => (order === 'ascending' ? one < other : one > other);
    const unread = parts.flatMap(({ unreadAfter }) => (unreadAfter === undefined ? [] : [unreadAfter]));
    const horizon = unread.reduce<string | undefined>(
      (nearest, position) => (nearest === undefined || before(position, nearest) ? position : nearest),
      undefined,
    );
    const merged = parts
      .flatMap(({ found }) => found)
      .filter(({ position }) => horizon === undefined || !before(horizon, position))
      .sort((one, other) => (before(one.position, other.position) ? -1 : 1));
    const next = (merged.length > limit ? merged[limit - 1]?.position : horizon) ?? null;
    return { found: merged.slice(0, limit), next };
  }

  /** Every item of a listing that is small by nature; or the first of one. */
  async all(listing: Listing, most = Number.POSITIVE_INFINITY): Promise<Item[]> {
    const items: Item[] = [];
    let after: string | undefined;
    do {
      const { found, next } = await this.read(listing, {
        limit: Math.min(READ_AT_ONCE, most - items.length),
        after,
      });
      items.push(...found.map(({ item }) => item));
      after = next ?? undefined;
    } while (after !== undefined && items.length < most);
    return items;
  }

  /** How many items lie in a range, consistently but for an index; costs as much as reading them. */
  async count(range: Range): Promise<number> {
    const input = queryInput(this.connection.tableName, bounds(range, undefined, 'ascending'));
    let count = 0;
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const answer = await this.connection.send((options) =>
        this.connection.client.send(
          new QueryCommand({
            ...input,
            Select: 'COUNT',
            ExclusiveStartKey,
            ...(range.index === undefined && { ConsistentRead: true }),
          }),
          options,
        ),
      );
      count += answer.Count ?? 0;
      ExclusiveStartKey = answer.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return count;
  }

  private async readRange(
    range: Range,
    { order, where, keep, only, withExpired = false, consistent = false }: Omit<Listing, 'ranges'>,
    after: string | undefined,
    needed: number,
  ): Promise<{ found: Found[]; unreadAfter: string | undefined }> {
    // DynamoDB refuses a stretch that ends before it begins.
    if (range.from !== undefined && range.to !== undefined && range.from > range.to)
      return { found: [], unreadAfter: undefined };
    const input = queryInput(this.connection.tableName, bounds(range, after, order), { where, only });
    const sortKey = `${range.index ?? ''}SK`;
    const positionOf = (keys: Record<string, unknown>) =>
      String(keys[sortKey]).slice(range.prefix?.length ?? 0);
    const found: Found[] = [];
    const repeated = after === undefined ? 0 : 1;
    let last: Record<string, unknown> | undefined;
    for (let query = 0; query < QUERIES_PER_PAGE; query += 1) {
      const ExclusiveStartKey = last;
      const Limit =
        where || keep
          ? query === 0
            ? { Limit: 5 * needed }
            : {}
          : { Limit: needed - found.length + repeated };
      const answer = await this.connection.send((options) =>
        this.connection.client.send(
          new QueryCommand({
            ...input,
            ...Limit,
            ScanIndexForward: order === 'ascending',
            ...(consistent && { ConsistentRead: true }),
            ExclusiveStartKey,
          }),
          options,
        ),
      );
      for (const item of (answer.Items ?? []) as Item[]) {
        const position = positionOf(item);
        if (position !== after && keep?.(item) !== false && (withExpired || this.connection.alive(item)))
          found.push({ position, item });
      }
      last = answer.LastEvaluatedKey;
      if (!last || found.length >= needed) break;
    }
    const enough = found.length >= needed;
    return {
      found: found.slice(0, needed),
      unreadAfter: enough ? found[needed - 1]?.position : last && positionOf(last),
    };
  }
}

/** As many as an answer can hold; at least one, which is at most 400 KB. */
function withinBytes(found: readonly Found[]): readonly Found[] {
  let bytes = 0;
  const end = found.findIndex(({ item }, position) => {
    bytes += Buffer.byteLength(JSON.stringify(item));
    return bytes > PAGE_BYTES && position > 0;
  });
  return end < 0 ? found : found.slice(0, end);
}

/** The sort keys of a range, narrowed to what follows `after`; that item itself is dropped by the reader. */
function bounds(range: Range, after: string | undefined, order: Listing['order']) {
  const { index, partition, prefix = '', from, to } = range;
  const whole = from === undefined && to === undefined && after === undefined && prefix === '';
  if (whole) return { index, partition };
  const forward = order === 'ascending';
  return {
    index,
    partition,
    lower: prefix + ((forward ? after : undefined) ?? from ?? LOWEST),
    upper: prefix + ((forward ? undefined : after) ?? (to === undefined ? HIGHEST : to + HIGHEST)),
  };
}
