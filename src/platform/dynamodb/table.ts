import { randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Clock } from '../clock.js';
import { requestContext } from '../request-context.js';
import { someAtOnce } from '../some-at-once.js';
import { Connection, CONFLICT_TRIES, isCancelled } from './connection.js';
import {
  conditionInput,
  meets,
  putInput,
  replaceInput,
  stamped,
  tokensAfter,
  updateInput,
  type UpdateOptions,
} from './expressions.js';
import { ServiceUnavailable, wasRetried } from '../faults.js';
import { ConditionFailed, StaleVersion } from './faults.js';
import {
  type Change,
  type Item,
  type Key,
  type Listing,
  type NewItem,
  type Page,
  type PageRequest,
  type Range,
  type Where,
} from './item.js';
import { Listings } from './listings.js';

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

/** What a BatchGetItem takes. */
const READ_AT_ONCE = 100;
const DISCARDED_AT_ONCE = 25;

/**
 * The only way to the table. Every create is conditional on absence, every change on presence or a version.
 * Each write carries a token, so that a retry which finds its own first try in the table knows that it
 * succeeded: the SDK repeats a request whose answer was lost, and DynamoDB would refuse the repetition.
 *
 * @throws {ServiceUnavailable} from every method when DynamoDB does not answer in time.
 */
@Injectable()
export class Table {
  constructor(
    private readonly connection: Connection,
    private readonly listings: Listings,
    private readonly clock: Clock,
  ) {}

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
    const { Item: item } = await this.connection.send((options) =>
      this.connection.client.send(
        new GetCommand({ TableName: this.connection.tableName, Key: { PK, SK }, ConsistentRead: consistent }),
        options,
      ),
    );
    return this.connection.alive(item as Item | undefined);
  }

  /** 100 items a round trip; a missing one is left out. */
  async getMany(keys: readonly Key[], options: { readonly consistent?: boolean } = {}): Promise<Item[]> {
    const found: Item[] = [];
    for (let first = 0; first < keys.length; first += READ_AT_ONCE)
      found.push(...(await this.getSome(keys.slice(first, first + READ_AT_ONCE), options)));
    return found;
  }

  private async getSome(keys: readonly Key[], { consistent = false }): Promise<Item[]> {
    const found: Item[] = [];
    let open: readonly Record<string, unknown>[] = keys.map(({ PK, SK }) => ({ PK, SK }));
    for (let round = 0; open.length > 0; round += 1) {
      if (round >= CONFLICT_TRIES) throw new ServiceUnavailable(new Error('UnprocessedKeys'));
      if (round > 0) await this.connection.backOff(round);
      const asked = [...open];
      const answer = await this.connection.send((options) =>
        this.connection.client.send(
          new BatchGetCommand({
            RequestItems: { [this.connection.tableName]: { Keys: asked, ConsistentRead: consistent } },
          }),
          options,
        ),
      );
      found.push(...((answer.Responses?.[this.connection.tableName] ?? []) as Item[]));
      open = answer.UnprocessedKeys?.[this.connection.tableName]?.Keys ?? [];
    }
    return found.filter((item) => this.connection.alive(item));
  }

  /** Makes an item that must not be there. Returns what stands in the table: on a repetition, its first try. */
  async create(item: Item, orElse: OrElse): Promise<Item> {
    try {
      await this.connection.send((options) =>
        this.connection.client.send(
          new PutCommand(putInput(this.connection.tableName, item, this.clock.seconds())),
          options,
        ),
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
      await this.connection.send((options) =>
        this.connection.client.send(new PutCommand(replaceInput(this.connection.tableName, item)), options),
      );
      return item;
    } catch (error) {
      return this.ownWriteOr(error, item.WriteTokens[0], staleIfThere(orElse));
    }
  }

  /**
   * Changes some attributes and returns the whole item. A change that changes nothing leaves version and `UpdatedAt` alone.
   * @throws {StaleVersion} when it is there in a version that the caller did not name.
   */
  async update(key: Key, change: Change, orElse: OrElse, options: UpdateOptions = {}): Promise<Item> {
    const onlyIfChanged = !options.silent && !options.upsert && !options.add && !options.atMost;
    const { along = [] } = options;
    const differs = Object.keys(change).some((name) => change[name] !== undefined && !along.includes(name));
    if (onlyIfChanged && !differs) {
      const standing = await this.get(key, { consistent: true });
      if (standing && meets(standing, options)) return standing;
      throw staleOr(options, orElse)(standing);
    }
    const token = newToken();
    const input = updateInput(
      this.connection.tableName,
      key,
      change,
      token,
      this.clock.now().toISOString(),
      options,
      { onlyIfChanged },
    );
    try {
      const { Attributes } = await this.connection.send((options) =>
        this.connection.client.send(new UpdateCommand({ ...input, ReturnValues: 'ALL_NEW' }), options),
      );
      return Attributes as Item;
    } catch (error) {
      const standing = error instanceof ConditionFailed ? (error.item as Item | undefined) : undefined;
      if (onlyIfChanged && standing && meets(standing, options)) return standing;
      return this.ownWriteOr(error, token, staleOr(options, orElse));
    }
  }

  /**
   * Removes an item that must be there. When a try was lost on the way and the next one finds nothing,
   * the first is taken to have done it: DynamoDB leaves nothing behind that could tell.
   * @throws {StaleVersion} when it is there in a version that the caller did not name.
   */
  async remove(key: Key, orElse: OrElse, expected: Expected = {}): Promise<void> {
    try {
      await this.connection.send((options) =>
        this.connection.client.send(
          new DeleteCommand(conditionInput(this.connection.tableName, key, expected)),
          options,
        ),
      );
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      if (error.item === undefined && wasRetried(error.cause)) return;
      throw staleOr(expected, orElse)(error.item as Item | undefined);
    }
  }

  /**
   * Removes an item if it is there: sent twice, or too late, it is as well.
   * @param where what else stays: a key that somebody else has meanwhile
   */
  async discard({ PK, SK }: Key, where?: Where): Promise<void> {
    const { tableName: TableName } = this.connection;
    const input = where ? conditionInput(TableName, { PK, SK }, { where }) : { TableName, Key: { PK, SK } };
    try {
      await this.connection.send((options) => this.connection.client.send(new DeleteCommand(input), options));
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
    }
  }

  /** Removes whatever lies in a range, expired or not, and says how many; safe to be run again. */
  async discardAll(range: Range): Promise<number> {
    const items = await this.listings.all({
      ranges: [range],
      order: 'ascending',
      withExpired: true,
      consistent: range.index === undefined,
    });
    await someAtOnce(items, DISCARDED_AT_ONCE, (item) => this.discard(item));
    return items.length;
  }

  /** One write by itself, several as one transaction. */
  async commit(writes: readonly Write[]): Promise<void> {
    const [only, ...others] = writes;
    if (only === undefined || others.length > 0) return this.transact(writes);
    const { orElse } = only;
    if ('put' in only) await this.create(only.put, orElse);
    else if ('replace' in only) await this.replace(only.replace, orElse);
    else if ('update' in only) await this.update(only.update, only.change, orElse, only);
    else if ('remove' in only) await this.remove(only.remove, orElse, only);
    else await this.transact(writes);
    return undefined;
  }

  /** All or nothing, at most 100 writes; a repetition is recognised by its client token. */
  async transact(writes: readonly Write[]): Promise<void> {
    if (writes.length === 0) return;
    const now = this.clock.now().toISOString();
    const token = randomUUID();
    const items = writes.map((write) => this.transactItem(write, token, now));
    try {
      await this.connection.send((options) =>
        this.connection.client.send(
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
      if (first) throw refusalOf(first.write)(first.standing);
      // What can never succeed, such as an item that is too large, is a fault of ours.
      throw isPermanent(error) ? error : new ServiceUnavailable(error);
    }
  }

  /** See `Listings`. */
  page(listing: Listing, request: PageRequest): Promise<Page<Item>> {
    return this.listings.page(listing, request);
  }

  /** Every item of a listing that is small by nature; or the first of one. */
  all(listing: Listing, most?: number): Promise<Item[]> {
    return this.listings.all(listing, most);
  }

  /** How many items lie in a range; costs as much as reading them. */
  count(range: Range): Promise<number> {
    return this.listings.count(range);
  }

  private transactItem(
    write: Write,
    token: string,
    now: string,
  ): NonNullable<TransactWriteCommandInput['TransactItems']>[number] {
    if ('put' in write) return { Put: putInput(this.connection.tableName, write.put, this.clock.seconds()) };
    if ('replace' in write) return { Put: replaceInput(this.connection.tableName, write.replace) };
    if ('update' in write)
      return {
        Update: updateInput(this.connection.tableName, write.update, write.change, token, now, write),
      };
    if ('remove' in write) return { Delete: conditionInput(this.connection.tableName, write.remove, write) };
    return { ConditionCheck: conditionInput(this.connection.tableName, write.check, write) };
  }

  private ownWriteOr(error: unknown, token: string | undefined, orElse: OrElse): Item {
    if (!(error instanceof ConditionFailed)) throw error;
    const standing = error.item as Item | undefined;
    if (standing && isOwn(standing, token)) return standing;
    throw orElse(standing);
  }
}

const isPermanent = ({ CancellationReasons = [] }: TransactionCanceledException) =>
  CancellationReasons.some(
    ({ Code }) => Code === 'ValidationError' || Code === 'ItemCollectionSizeLimitExceeded',
  );

const newToken = () => randomBytes(12).toString('base64url');

/** What a failed condition means in a transaction: the same as by itself. */
function refusalOf(write: Write): OrElse {
  if ('replace' in write) return staleIfThere(write.orElse);
  return staleOr({ versions: 'versions' in write ? write.versions : undefined }, write.orElse);
}

/** What is there in a version that the caller did not name is stale, whatever else does not hold. */
const staleOr =
  ({ versions }: Expected, orElse: OrElse): OrElse =>
  (standing) =>
    standing && versions && !versions.includes(standing.Version) ? new StaleVersion() : orElse(standing);

/** What was to be replaced and is there all the same is there in another version. */
const staleIfThere =
  (orElse: OrElse): OrElse =>
  (standing) =>
    standing ? new StaleVersion() : orElse(standing);

const isOwn = ({ WriteTokens }: Item, token: string | undefined) =>
  token !== undefined && WriteTokens.includes(token);
