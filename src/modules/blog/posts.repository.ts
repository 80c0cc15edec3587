import { Injectable } from '@nestjs/common';
import { ApiError, failWith } from '../../http/errors/api-error.js';
import { WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { assertSeen, StaleVersion } from '../../platform/dynamodb/faults.js';
import {
  changesNothing,
  type Item,
  type Listing,
  type Page,
  type PageRequest,
} from '../../platform/dynamodb/item.js';
import { Table, type Write } from '../../platform/dynamodb/table.js';
import { POST_NOT_FOUND, SLUG_LIMIT, SLUG_TAKEN } from './blog.errors.js';
import { FORMER_SLUGS, type NewPost, type Post, type WholePost } from './post.js';
import {
  changeOf,
  contentKey,
  newContentItem,
  newPostItem,
  newSlugItem,
  placed,
  postFrom,
  postFromTag,
  postKey,
  slugKey,
  wholePost,
} from './post.item.js';
import { countWrites, slugWrites, tagWrites } from './post-writes.js';

const stale = () => new StaleVersion();

/** A post as it was read, for the next version of it. */
export interface ReadPost {
  readonly post: WholePost;
  readonly item: Item;
  readonly formerSlugs: readonly string[];
}

/** What becomes of a post, and of its text if that changes. */
export interface PostChange {
  readonly fields: Partial<Post>;
  readonly content?: string | undefined;
}

@Injectable()
export class PostsRepository {
  constructor(private readonly table: Table) {}

  /** As a draft. @throws {ApiError} SLUG_TAKEN */
  async create(post: NewPost, content: string): Promise<WholePost> {
    const put = placed(this.table.stamp(newPostItem(post)));
    await this.table.transact([
      { put, orElse: failWith(WRITE_CONFLICT) },
      { put: this.table.stamp(newContentItem(post.id, content)), orElse: failWith(WRITE_CONFLICT) },
      { put: this.table.stamp(newSlugItem(post.slug, post.id)), orElse: failWith(SLUG_TAKEN) },
    ]);
    return { ...postFrom(put), content };
  }

  async find(id: string): Promise<WholePost | undefined> {
    return (await this.load(id, false))?.post;
  }

  /** Without its text. */
  async findListed(id: string): Promise<Post | undefined> {
    const item = await this.table.get(postKey(id));
    return item && postFrom(item);
  }

  /** Those of them that are there, in any order, without their texts. */
  async findMany(ids: readonly string[]): Promise<Post[]> {
    return (await this.table.getMany(ids.map(postKey))).map(postFrom);
  }

  /** The post that has or had a slug. */
  async findIdBySlug(slug: string): Promise<string | undefined> {
    return (await this.table.get(slugKey(slug)))?.['postId'] as string | undefined;
  }

  /** The first of these slugs that is free, or is this post’s already; undefined when there is none. */
  async freeSlugOf(slugs: readonly string[], postId: string): Promise<string | undefined> {
    const locks = await this.table.getMany(slugs.map(slugKey));
    const holders = new Map(locks.map((lock) => [lock.PK, lock['postId']]));
    const own = slugs.find((slug) => holders.get(slugKey(slug).PK) === postId);
    return own ?? slugs.find((slug) => !holders.has(slugKey(slug).PK));
  }

  async page(listing: Listing, page: Paged | PageRequest): Promise<Page<Post>> {
    const found = await this.table.page(listing, page);
    return found.map((item) => (item.EntityType === 'BLOG_TAG' ? postFromTag(item) : postFrom(item)));
  }

  /** As many of a list of posts, from its beginning. */
  async listFirst(listing: Listing, most: number): Promise<Post[]> {
    return (await this.table.all(listing, most)).map(postFrom);
  }

  /** By post, of those that are there. */
  async textsOf(ids: readonly string[]): Promise<Map<string, string>> {
    const items = await this.table.getMany(ids.map(contentKey));
    return new Map(items.map(({ PK, content }) => [PK.slice('BLOG#'.length), content as string]));
  }

  /** How many published posts each category, or each tag, has. */
  async listCounts(of: 'CATEGORIES' | 'TAGS'): Promise<{ name: string; count: number }[]> {
    const listing = { ranges: [{ partition: `BLOG#${of}` }], order: 'ascending' as const };
    const items = await this.table.all(listing);
    return items
      .map((item) => ({ name: item['name'] as string, count: item['count'] as number }))
      .filter(({ count }) => count > 0);
  }

  /** @throws {ApiError} POST_NOT_FOUND @throws {StaleVersion} when it is none of `versions` */
  async read(id: string, versions: readonly number[] | undefined): Promise<ReadPost> {
    const read = await this.load(id, true);
    if (!read) throw new ApiError(POST_NOT_FOUND);
    assertSeen(read.item.Version, versions);
    return read;
  }

  /** Puts the next version in the place of the one that was read. @throws {StaleVersion} @throws {ApiError} SLUG_TAKEN, SLUG_LIMIT */
  async replace(read: ReadPost, { fields, content }: PostChange): Promise<WholePost> {
    const { content: text, ...before } = read.post;
    const said = { ...before, ...fields };
    const slugs = slugWrites(this.table, { ...before, formerSlugs: read.formerSlugs }, said);
    if (slugs.formerSlugs.length > FORMER_SLUGS) throw new ApiError(SLUG_LIMIT);
    const change = changeOf(said, slugs.formerSlugs);
    if (changesNothing(read.item, change) && (content ?? text) === text) return read.post;
    const item = this.table.restamp(read.item, change);
    const after = postFrom(item);
    const writes: Write[] = [
      { replace: item, orElse: failWith(POST_NOT_FOUND) },
      ...(content === undefined || content === text
        ? []
        : [{ update: contentKey(after.id), change: { content }, orElse: stale }]),
      ...slugs.writes,
      ...tagWrites(this.table, before, after),
      ...countWrites(before, after),
    ];
    await this.table.commit(writes);
    return { ...after, content: content ?? text };
  }

  /** With all that is found through it. @throws {StaleVersion} */
  async remove({ post, formerSlugs }: ReadPost): Promise<void> {
    const slugs = [post.slug, ...formerSlugs];
    await this.table.transact([
      { remove: postKey(post.id), versions: [post.version], orElse: failWith(POST_NOT_FOUND) },
      { remove: contentKey(post.id), orElse: stale },
      ...slugs.map((slug): Write => ({ remove: slugKey(slug), orElse: stale })),
      ...tagWrites(this.table, post, undefined),
      ...countWrites(post, undefined),
    ]);
  }

  private async load(id: string, consistent: boolean): Promise<ReadPost | undefined> {
    const listing: Listing = { ranges: [wholePost(id)], order: 'descending', consistent };
    const [item, text] = await this.table.all(listing);
    if (!item || !text) return undefined;
    const content = text['content'] as string;
    return { post: { ...postFrom(item), content }, item, formerSlugs: item['formerSlugs'] as string[] };
  }
}
