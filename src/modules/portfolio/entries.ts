import { ApiError, type ErrorDefinition, failWith } from '../../http/errors/api-error.js';
import { WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { asSeen, assertSeen } from '../../platform/dynamodb/faults.js';
import {
  type Change,
  changesNothing,
  compact,
  type Item,
  type Key,
  type Listing,
  type Page,
  type PageRequest,
  type Range,
} from '../../platform/dynamodb/item.js';
import type { Table } from '../../platform/dynamodb/table.js';
import { ALREADY_PUBLISHED, NOT_PUBLISHED } from './portfolio.errors.js';
import type { EntryStatus } from './publication.js';

/** What every entry of the portfolio has beside its own fields. */
export interface Entry {
  readonly id: string;
  readonly name: string;
  readonly status: EntryStatus;
  readonly featured: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

/** What is particular to one kind of entry. */
export interface EntryKind<E extends Entry> {
  readonly name: 'PROJECT' | 'CERT';
  readonly notFound: ErrorDefinition;
  /** Where an entry stands among those that are featured alike; unique to it. */
  positionOf(entry: Omit<E, 'updatedAt' | 'version'>): string;
  /** Within a status, lists of one type are read by themselves. */
  typeOf?(entry: Omit<E, 'updatedAt' | 'version'>): string;
  fieldsFrom(item: Item): Omit<E, keyof Entry>;
}

const MOST_SHOWN = 100;

type Versions = readonly number[] | undefined;

/** `null` clears a field; what is undefined stays. */
export type EntryChange<E> = { readonly [Field in keyof E]?: E[Field] | null | undefined };

/** What is listed: `all` has no index by type. */
export interface EntrySelection {
  readonly status: EntryStatus | 'all';
  readonly featured?: boolean | undefined;
  readonly type?: string | undefined;
}

const upper = (status: EntryStatus) => status.toUpperCase() as 'DRAFT' | 'PUBLISHED';

/**
 * What projects and certifications have in common: kept whole in one item, as drafts first, and listed with the featured
 * ones at the top. Lists descend, so that `1` for featured comes before `0`.
 */
export abstract class Entries<E extends Entry> {
  protected constructor(
    protected readonly table: Table,
    private readonly kind: EntryKind<E>,
  ) {}

  async create(id: string, fields: Omit<E, keyof Entry> & Pick<Entry, 'name' | 'featured'>): Promise<E> {
    const draft = { ...fields, id, status: 'draft', createdAt: '' } as unknown as E;
    const item = this.table.stamp(
      compact({ ...this.keyOf(id), EntityType: this.kind.name, ...fields, ...this.placesOf(draft) }),
    );
    return this.from(await this.table.create(item, failWith(WRITE_CONFLICT)));
  }

  async find(id: string): Promise<E | undefined> {
    const item = await this.table.get(this.keyOf(id));
    return item && this.from(item);
  }

  async isPublished(id: string): Promise<boolean> {
    return (await this.find(id))?.status === 'published';
  }

  /** What these are called, as far as they are there. */
  async namesOf(ids: readonly string[]): Promise<Map<string, string>> {
    const items = await this.table.getMany(ids.map((id) => this.keyOf(id)));
    return new Map(items.map((item) => this.from(item)).map(({ id, name }) => [id, name]));
  }

  async page(
    selection: EntrySelection,
    page: Paged | PageRequest,
    filter: Pick<Listing, 'keep' | 'where'> = {},
  ): Promise<Page<E>> {
    const listing = { ranges: [this.rangeOf(selection)], order: 'descending' as const, ...filter };
    return (await this.table.page(listing, page)).map((item) => this.from(item));
  }

  /** The first hundred, as everybody sees them. */
  published(): Promise<readonly E[]> {
    return this.listAll({ status: 'published' }, MOST_SHOWN);
  }

  /** Every entry, published or not. */
  all(): Promise<readonly E[]> {
    return this.listAll({ status: 'all' });
  }

  /** Reads it, lets `change` say what becomes of it, and puts that in its place, unless somebody was faster. */
  async change(id: string, change: (entry: E) => EntryChange<E>, versions: Versions): Promise<E> {
    const attempt = async () => {
      const item = await this.table.get(this.keyOf(id), { consistent: true });
      if (!item) throw new ApiError(this.kind.notFound);
      assertSeen(item.Version, versions);
      const standing = this.from(item);
      const said = Object.entries(change(standing)).filter(([, value]) => value !== undefined);
      const { status: _, ...changed } = Object.fromEntries(said) as Change;
      const places = this.placesOf({ ...standing, ...Object.fromEntries(said) });
      const next = { ...changed, ...places };
      if (changesNothing(item, next)) return standing;
      return this.from(
        await this.table.replace(this.table.restamp(item, next), failWith(this.kind.notFound)),
      );
    };
    return asSeen(versions, attempt);
  }

  /** @throws {ApiError} ALREADY_PUBLISHED, NOT_PUBLISHED when it has this status */
  setStatus(id: string, status: EntryStatus, versions: Versions): Promise<E> {
    const change = (entry: E): EntryChange<E> => {
      if (entry.status === status)
        throw new ApiError(status === 'published' ? ALREADY_PUBLISHED : NOT_PUBLISHED);
      return { status } as EntryChange<E>;
    };
    return this.change(id, change, versions);
  }

  async remove(id: string, versions: Versions): Promise<{ id: string; deleted: true }> {
    await this.table.remove(this.keyOf(id), failWith(this.kind.notFound), { versions });
    return { id, deleted: true };
  }

  private async listAll(selection: EntrySelection, most?: number): Promise<E[]> {
    const listing = { ranges: [this.rangeOf(selection)], order: 'descending' as const };
    return (await this.table.all(listing, most)).map((item) => this.from(item));
  }

  private keyOf(id: string): Key {
    return { PK: `${this.kind.name}#${id}`, SK: 'METADATA' };
  }

  private rangeOf({ status, featured, type }: EntrySelection): Range {
    const { name } = this.kind;
    const prefix = featured === undefined ? {} : { prefix: `${Number(featured)}#` };
    if (status === 'all') return { index: 'GSI3', partition: `${name}#ALL`, ...prefix };
    const partition = `${name}#STATUS#${upper(status)}`;
    if (type === undefined) return { index: 'GSI1', partition, ...prefix };
    return { index: 'GSI2', partition: `${partition}#${type}`, ...prefix };
  }

  private placesOf(entry: E) {
    const position = `${Number(entry.featured)}#${this.kind.positionOf(entry)}`;
    const type = this.kind.typeOf?.(entry);
    return {
      Status: upper(entry.status),
      GSI1PK: this.rangeOf({ status: entry.status }).partition,
      GSI1SK: position,
      ...(type !== undefined && {
        GSI2PK: this.rangeOf({ status: entry.status, type }).partition,
        GSI2SK: position,
      }),
      GSI3PK: this.rangeOf({ status: 'all' }).partition,
      GSI3SK: position,
    };
  }

  private from(item: Item): E {
    return {
      id: item.PK.slice(this.kind.name.length + 1),
      name: item['name'] as string,
      ...this.kind.fieldsFrom(item),
      status: item.Status === 'PUBLISHED' ? 'published' : 'draft',
      featured: item['featured'] as boolean,
      createdAt: item.CreatedAt,
      updatedAt: item.UpdatedAt,
      version: item.Version,
    } as unknown as E;
  }
}
