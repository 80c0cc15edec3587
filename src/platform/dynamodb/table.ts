import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { CONFIG, type Config } from '../../config/config.js';
import { Clock } from '../clock.js';
import { requestContext } from '../request-context.js';
import {
  conditionInput,
  putInput,
  queryInput,
  replaceInput,
  stamped,
  tokensAfter,
  updateInput,
  type UpdateOptions,
} from './expressions.js';
import { ConditionFailed, isOutage, ServiceUnavailable, StaleVersion, wasRetried } from './faults.js';
import {
  type Change,
  type Item,
  type Key,
  type Listing,
  type NewItem,
  Page,
  type PageRequest,
  type Range,
  type Where,
} from './item.js';

export const DYNAMODB = Symbol('DynamoDBDocumentClient');

/** What to throw when a write's condition does not hold. */
export type OrElse = (standing: Item | undefined) => Error;

/** One write of a transaction, and what its failed condition means. */
export type Write = { readonly orElse: OrElse } & (
  | { readonly put: Item }
  | { readonly replace: Item }
  | ({ readonly update: Key; readonly change: Change } & UpdateOptions)
  | { readonly remove: Key; readonly where?: Where; readonly versions?: readonly number[] | undefined }
  | { readonly check: Key; readonly where?: Where }
);

type Expected = Pick<UpdateOptions, 'where' | 'versions'>;

const CONFLICT_TRIES = 6;
const QUERIES_PER_PAGE = 4;
/** Below and above every character that a key holds after its prefix. */
const LOWEST = '!';
const HIGHEST = '~';

/**
 * The only way to the table. Every create is conditional on absence, every change on presence or a version.
 * Each write carries a token, so that a retry which finds its own first try in the table knows that it
 * succeeded: the SDK repeats a request whose answer was lost, and DynamoDB would refuse the repetition.
 *
 * @throws {ServiceUnavailable} from every method when DynamoDB does not answer in time.
 */
@Injectable()
export class Table {
  private readonly name: string;

  constructor(
    @Inject(DYNAMODB) private readonly client: DynamoDBDocumentClient,
    @Inject(CONFIG) config: Config,
    private readonly clock: Clock,
  ) {
    this.name = config.table.name;
  }

  /** Fills in what every item carries. Under an Idempotency-Key a second run stamps what the first one did. */
  stamp(item: NewItem): Item {
    const reservation = requestContext.current()?.reservation;
    const created = reservation ? new Date(reservation.startedAt) : this.clock.now();
    return stamped(item, created.toISOString(), reservation?.seed ?? newToken());
  }

  /** The next version of an item that was read, for `replace`. */
  restamp(previous: Item, change: Change): Item {
    const next: Record<string, unknown> = { ...previous };
    for (const [attribute, value] of Object.entries(change)) {
      if (value === null) delete next[attribute];
      else if (value !== undefined) next[attribute] = value;
    }
    const UpdatedAt = this.clock.now().toISOString();
    const WriteTokens = tokensAfter(previous.WriteTokens, newToken());
    return {
      ...(next as unknown as Item),
      Version: previous.Version + 1,
      UpdatedAt,
      WriteTokens,
    };
  }

  /** @param consistent reads the latest write, for twice the units. */
  async get({ PK, SK }: Key, { consistent = false } = {}): Promise<Item | undefined> {
    const { Item: item } = await this.send((options) =>
      this.client.send(
        new GetCommand({ TableName: this.name, Key: { PK, SK }, ConsistentRead: consistent }),
        options,
      ),
    );
    return this.alive(item as Item | undefined);
  }

  /** At most 100 items in one round trip; a missing one is left out. */
  async getMany(keys: readonly Key[], { consistent = false } = {}): Promise<Item[]> {
    const found: Item[] = [];
    let open: readonly Record<string, unknown>[] = keys.map(({ PK, SK }) => ({ PK, SK }));
    for (let round = 0; open.length > 0; round += 1) {
      if (round >= CONFLICT_TRIES) throw new ServiceUnavailable(new Error('UnprocessedKeys'));
      if (round > 0) await this.backOff(round);
      const asked = [...open];
      const answer = await this.send((options) =>
        this.client.send(
          new BatchGetCommand({ RequestItems: { [this.name]: { Keys: asked, ConsistentRead: consistent } } }),
          options,
        ),
      );
      found.push(...((answer.Responses?.[this.name] ?? []) as Item[]));
      open = answer.UnprocessedKeys?.[this.name]?.Keys ?? [];
    }
    return found.filter((item) => this.alive(item));
  }

  /** Makes an item that must not be there. Returns what stands in the table: on a repetition, its first try. */
  async create(item: Item, orElse: OrElse): Promise<Item> {
    try {
      await this.send((options) =>
        this.client.send(new PutCommand(putInput(this.name, item, this.clock.seconds())), options),
      );
      return item;
    } catch (error) {
      return this.ownWriteOr(error, item.WriteTokens[0], orElse);
    }
  }

  /**
   * Puts the next version (`restamp`) in the place of the one it was made from.
   * @throws {StaleVersion} when somebody else was faster.
   */
  async replace(item: Item, orElse: OrElse): Promise<Item> {
    try {
      await this.send((options) => this.client.send(new PutCommand(replaceInput(this.name, item)), options));
      return item;
    } catch (error) {
      return this.ownWriteOr(error, item.WriteTokens[0], (standing) =>
        standing ? new StaleVersion() : orElse(standing),
      );
    }
  }

  /**
   * Changes some attributes and returns the whole item.
   * @throws {StaleVersion} when it is there in a version that the caller did not name.
   */
  async update(key: Key, change: Change, orElse: OrElse, options: UpdateOptions = {}): Promise<Item> {
    const token = newToken();
    const input = updateInput(this.name, key, change, token, this.clock.now().toISOString(), options);
    try {
      const { Attributes } = await this.send((options) =>
        this.client.send(new UpdateCommand({ ...input, ReturnValues: 'ALL_NEW' }), options),
      );
      return Attributes as Item;
    } catch (error) {
      return this.ownWriteOr(error, token, this.staleOr(options, orElse));
    }
  }

  /**
   * Removes an item that must be there. When a try was lost on the way and the next one finds nothing,
   * the first is taken to have done it: DynamoDB leaves nothing behind that could tell.
   * @throws {StaleVersion} when it is there in a version that the caller did not name.
   */
  async remove(key: Key, orElse: OrElse, expected: Expected = {}): Promise<void> {
    try {
      await this.send((options) =>
        this.client.send(new DeleteCommand(conditionInput(this.name, key, expected)), options),
      );
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      if (error.item === undefined && wasRetried(error.cause)) return;
      throw this.staleOr(expected, orElse)(error.item as Item | undefined);
    }
  }

  /** All or nothing, at most 100 writes; a repetition is recognised by its client token. */
  async transact(writes: readonly Write[]): Promise<void> {
    const now = this.clock.now().toISOString();
    const token = randomUUID();
    const items = writes.map((write) => this.transactItem(write, token, now));
    try {
      await this.send((options) =>
        this.client.send(
          new TransactWriteCommand({ TransactItems: items, ClientRequestToken: token }),
          options,
        ),
      );
    } catch (error) {
      if (!isCancelled(error)) throw error;
      const failed = writes.flatMap((write, position) => {
        const { Code, Item: raw } = error.CancellationReasons?.[position] ?? {};
        return Code === 'ConditionalCheckFailed'
          ? [{ write, standing: raw && (unmarshall(raw) as Item) }]
          : [];
      });
      // What stands there by our own token was made by this very request before, whatever has changed around it.
      const isDone = failed.some(
        ({ write, standing }) => 'put' in write && standing && isOwn(standing, write.put.WriteTokens[0]),
      );
      if (isDone) return;
      const [first] = failed;
      if (first) throw first.write.orElse(first.standing);
      throw new ServiceUnavailable(error);
    }
  }

  /**
   * One page, full unless it is the last. Ranges are merged by what follows their prefixes.
   * One Query a range as a rule; where a filter or DynamoDB's 1 MB limit leaves the page short, up to four,
   * after which the page ends early and its cursor goes on.
   */
  async page({ ranges, order, where }: Listing, { limit, after }: PageRequest): Promise<Page<Item>> {
    const needed = limit + 1;
    const parts = await Promise.all(
      ranges.map((range) => this.readRange(range, order, where, after, needed)),
    );
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
    const items = merged.slice(0, limit).map(({ item }) => item);
    return new Page(items, (merged.length > limit ? merged[limit - 1]?.position : horizon) ?? null);
  }

  /** Every item of a listing that is small by nature. */
  async all(listing: Listing): Promise<Item[]> {
    const items: Item[] = [];
    let after: string | undefined;
    do {
      const page: Page<Item> = await this.page(listing, { limit: 1000, after });
      items.push(...page.items);
      after = page.next ?? undefined;
    } while (after !== undefined);
    return items;
  }

  /** How many items lie in a range; costs as much as reading them. */
  async count(range: Range): Promise<number> {
    const input = queryInput(this.name, bounds(range, undefined, 'ascending'), undefined);
    let count = 0;
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const answer = await this.send((options) =>
        this.client.send(new QueryCommand({ ...input, Select: 'COUNT', ExclusiveStartKey }), options),
      );
      count += answer.Count ?? 0;
      ExclusiveStartKey = answer.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return count;
  }

  private async readRange(
    range: Range,
    order: Listing['order'],
    where: Where | undefined,
    after: string | undefined,
    needed: number,
  ): Promise<{ found: { position: string; item: Item }[]; unreadAfter: string | undefined }> {
    const input = queryInput(this.name, bounds(range, after, order), where);
    const sortKey = `${range.index ?? ''}SK`;
    const positionOf = (keys: Record<string, unknown>) =>
      String(keys[sortKey]).slice(range.prefix?.length ?? 0);
    const found: { position: string; item: Item }[] = [];
    const repeated = after === undefined ? 0 : 1;
    let last: Record<string, unknown> | undefined;
    for (let query = 0; query < QUERIES_PER_PAGE; query += 1) {
      const ExclusiveStartKey = last;
      const Limit = where
        ? query === 0
          ? { Limit: 5 * needed }
          : {}
        : { Limit: needed - found.length + repeated };
      const answer = await this.send((options) =>
        this.client.send(
          new QueryCommand({
            ...input,
            ...Limit,
            ScanIndexForward: order === 'ascending',
            ExclusiveStartKey,
          }),
          options,
        ),
      );
      for (const item of (answer.Items ?? []) as Item[]) {
        const position = positionOf(item);
        if (position !== after && this.alive(item)) found.push({ position, item });
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

  private transactItem(
    write: Write,
    token: string,
    now: string,
  ): NonNullable<TransactWriteCommandInput['TransactItems']>[number] {
    if ('put' in write) return { Put: putInput(this.name, write.put, this.clock.seconds()) };
    if ('replace' in write) return { Put: replaceInput(this.name, write.replace) };
    if ('update' in write)
      return { Update: updateInput(this.name, write.update, write.change, token, now, write) };
    if ('remove' in write) return { Delete: conditionInput(this.name, write.remove, write) };
    return { ConditionCheck: conditionInput(this.name, write.check, write) };
  }

  private ownWriteOr(error: unknown, token: string | undefined, orElse: OrElse): Item {
    if (!(error instanceof ConditionFailed)) throw error;
    const standing = error.item as Item | undefined;
    if (standing && isOwn(standing, token)) return standing;
    throw orElse(standing);
  }

  private staleOr({ versions }: Expected, orElse: OrElse): OrElse {
    return (standing) =>
      standing && versions && !versions.includes(standing.Version) ? new StaleVersion() : orElse(standing);
  }

  private alive(item: Item | undefined): Item | undefined {
    return item?.ExpiresAt !== undefined && item.ExpiresAt <= this.clock.seconds() ? undefined : item;
  }

  /** Sends within the request's deadline; two writes that collide on real DynamoDB are tried again with jitter. */
  private async send<T>(request: (options: { abortSignal?: AbortSignal }) => Promise<T>): Promise<T> {
    const context = requestContext.current();
    const options = context ? { abortSignal: context.deadline } : {};
    for (let round = 1; ; round += 1) {
      try {
        return await request(options);
      } catch (error) {
        if (isConflict(error) && round < CONFLICT_TRIES) {
          await this.backOff(round);
          continue;
        }
        if (isConditionFailure(error)) {
          throw new ConditionFailed(error.Item && unmarshall(error.Item), error);
        }
        if (isConflict(error) || isOutage(error)) throw new ServiceUnavailable(error);
        throw error;
      }
    }
  }

  /** Full jitter, at most 25 ms doubled per round. */
  private async backOff(round: number): Promise<void> {
    const { deadline } = requestContext.current() ?? {};
    try {
      await pause(Math.random() * 25 * 2 ** round, undefined, deadline ? { signal: deadline } : {});
    } catch (error) {
      throw new ServiceUnavailable(error);
    }
  }
}

const newToken = () => randomBytes(12).toString('base64url');

const isOwn = ({ WriteTokens }: Item, token: string | undefined) =>
  token !== undefined && WriteTokens.includes(token);

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

type Cancelled = TransactionCanceledException;

function isCancelled(error: unknown): error is Cancelled {
  return error instanceof Error && error.name === 'TransactionCanceledException';
}

function isConditionFailure(error: unknown): error is Error & { Item?: Parameters<typeof unmarshall>[0] } {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

const COLLISIONS = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

function isConflict(error: unknown): boolean {
  if (isCancelled(error)) {
    const failed = (error.CancellationReasons ?? []).filter(
      ({ Code }) => Code !== undefined && Code !== 'None',
    );
    return failed.length > 0 && failed.every(({ Code }) => COLLISIONS.has(Code ?? ''));
  }
  return error instanceof Error && error.name === 'TransactionConflictException';
}
