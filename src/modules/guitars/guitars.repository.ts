import { Injectable } from '@nestjs/common';
import { failWith } from '../../http/errors/api-error.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { counted, type Limit } from '../../platform/dynamodb/counted-items.js';
import { assertSeen, StaleVersion } from '../../platform/dynamodb/faults.js';
import {
  type Change,
  changesNothing,
  type Item,
  type Listing,
  type Page,
  type PageRequest,
} from '../../platform/dynamodb/item.js';
import { Table, type Write } from '../../platform/dynamodb/table.js';
import { type Guitar, type GuitarFields, GUITARS_PER_USER, type Named } from './guitar.js';
import {
  countKey,
  guitarFrom,
  guitarKey,
  guitarsByBrand,
  guitarsOf,
  namedFrom,
  newGuitarItem,
  wholeChange,
} from './guitar.item.js';
import { GUITAR_LIMIT, GUITAR_NOT_FOUND } from './guitars.errors.js';

type Versions = readonly number[] | undefined;

const notFound = failWith(GUITAR_NOT_FOUND);
const stale = () => new StaleVersion();

/** A guitar as it was read, for the next version of it. */
export interface ReadGuitar {
  readonly item: Item;
  readonly guitar: Guitar;
}

/** What an import starts from: all guitars by name, and the version of their count, which each new one raises. */
export interface Collection {
  readonly guitars: readonly Named[];
  readonly countVersion: number | undefined;
}

@Injectable()
export class GuitarsRepository {
  constructor(private readonly table: Table) {}

  /** @param alongside what stands or falls with it @throws {ApiError} GUITAR_LIMIT */
  async create(
    userId: string,
    id: string,
    fields: GuitarFields,
    extra: Change,
    alongside: readonly Write[],
  ): Promise<Guitar> {
    const put = this.table.stamp({ ...newGuitarItem(userId, id, fields), ...extra });
    await this.table.transact([{ put, orElse: stale }, counted(limitOf(userId), 1), ...alongside]);
    return guitarFrom(put);
  }

  async find(userId: string, id: string): Promise<Guitar | undefined> {
    const item = await this.table.get(guitarKey(userId, id));
    return item && guitarFrom(item);
  }

  /** @throws {ApiError} GUITAR_NOT_FOUND @throws {StaleVersion} when it is none of `versions` */
  async read(userId: string, id: string, versions?: Versions): Promise<ReadGuitar> {
    const item = await this.table.get(guitarKey(userId, id), { consistent: true });
    if (!item) throw notFound();
    assertSeen(item.Version, versions);
    return { item, guitar: guitarFrom(item) };
  }

  async page(listing: Listing, page: Paged | PageRequest): Promise<Page<Guitar>> {
    return (await this.table.page(listing, page)).map(guitarFrom);
  }

  /** One a guitar, in the order of brands. */
  async listBrands(userId: string): Promise<string[]> {
    const listing = { ranges: [guitarsByBrand(userId)], order: 'ascending' as const, only: ['brand'] };
    return (await this.table.all(listing)).map((item) => item['brand'] as string);
  }

  /** What figures are made of. */
  async listForStatistics(
    userId: string,
  ): Promise<Pick<Guitar, 'brand' | 'type' | 'year' | 'privateInfo'>[]> {
    const only = ['brand', 'type', 'year', 'privateInfo'];
    const items = await this.table.all({ ranges: [guitarsOf(userId)], order: 'ascending', only });
    return items.map((item) => ({
      brand: item['brand'] as string,
      type: (item['type'] as Guitar['type'] | undefined) ?? null,
      year: (item['year'] as number | undefined) ?? null,
      privateInfo: item['privateInfo'] as Guitar['privateInfo'],
    }));
  }

  async update(userId: string, id: string, change: Change, versions: Versions): Promise<Guitar> {
    return guitarFrom(await this.table.update(guitarKey(userId, id), change, notFound, { versions }));
  }

  /** Puts the next version in the place of the one that was read. @throws {StaleVersion} */
  async replace(item: Item, change: Change, alongside: readonly Write[] = []): Promise<Guitar> {
    if (alongside.length === 0 && changesNothing(item, change)) return guitarFrom(item);
    const next = this.table.restamp(item, change);
    await this.table.commit([{ replace: next, orElse: notFound }, ...alongside]);
    return guitarFrom(next);
  }

  /** As it was read. @throws {StaleVersion} */
  async remove({ userId, id, version }: Guitar, alongside: readonly Write[]): Promise<void> {
    await this.table.transact([
      { remove: guitarKey(userId, id), versions: [version], orElse: stale },
      counted(limitOf(userId), -1),
      ...alongside,
    ]);
  }

  /** The count first: what is added after it raises its version. */
  async readNames(userId: string): Promise<Collection> {
    const count = await this.table.get(countKey(userId), { consistent: true });
    const only = ['brand', 'model', 'year', 'privateInfo.serialNumber'];
    const listing = {
      ranges: [guitarsOf(userId)],
      order: 'ascending' as const,
      only,
      consistent: true,
    };
    const items = await this.table.all(listing);
    return { guitars: items.map(namedFrom), countVersion: count?.Version };
  }

  /** Those of them that are there, read consistently. */
  async readMany(userId: string, ids: readonly string[]): Promise<ReadGuitar[]> {
    const keys = ids.map((id) => guitarKey(userId, id));
    const items = await this.table.getMany(keys, { consistent: true });
    return items.map((item) => ({ item, guitar: guitarFrom(item) }));
  }

  /** The writes of an import that are one transaction. */
  creation(userId: string, id: string, fields: GuitarFields): Write {
    return { put: this.table.stamp(newGuitarItem(userId, id, fields)), orElse: stale };
  }

  replacement({ item, guitar }: ReadGuitar, fields: GuitarFields): Write {
    return { replace: this.table.restamp(item, wholeChange(guitar, fields)), orElse: stale };
  }

  /** Counts what an import adds, unless somebody has added or removed a guitar since `countVersion` was read. */
  countedSince(userId: string, added: number, countVersion: number | undefined): Write {
    const since = countVersion === undefined ? { where: { Version: null } } : { versions: [countVersion] };
    return { ...counted(limitOf(userId), added), ...since, orElse: stale };
  }

  async commit(writes: readonly Write[]): Promise<void> {
    await this.table.transact(writes);
  }

  async discardAll(userId: string): Promise<number> {
    await this.table.discard(countKey(userId));
    return this.table.discardAll(guitarsOf(userId));
  }
}

const limitOf = (userId: string): Limit => ({
  key: countKey(userId),
  EntityType: 'GUITAR_COUNT',
  most: GUITARS_PER_USER,
  orElse: failWith(GUITAR_LIMIT),
});

/** Every guitar of a user by key, for export and erasure. */
export const everyGuitar = (userId: string): Listing => ({
  ranges: [guitarsOf(userId)],
  order: 'ascending',
});
