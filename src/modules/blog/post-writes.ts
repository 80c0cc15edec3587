import { failWith } from '../../http/errors/api-error.js';
import { StaleVersion } from '../../platform/dynamodb/faults.js';
import type { Key } from '../../platform/dynamodb/item.js';
import type { Table, Write } from '../../platform/dynamodb/table.js';
import { keyTextOf } from '../../platform/key-text.js';
import { SLUG_TAKEN } from './blog.errors.js';
import type { Post } from './post.js';
import {
  categoryCountKey,
  newSlugItem,
  newTagItem,
  slugKey,
  tagChangeOf,
  tagCountKey,
  tagKey,
} from './post.item.js';

/*
 * What goes with a change of a post, in its transaction. The post itself is replaced there as it was read, so that none of
 * these can meet another change of the same post; the counts are shared with other posts and only ever added to.
 */

const stale = () => new StaleVersion();

type Lists = Pick<Post, 'category' | 'tags'>;

/** What a post counts for: nothing unless it is published. */
const listsOf = (post: Post | undefined): Lists | undefined =>
  post?.status === 'published' ? post : undefined;

/** The rows by which a published post is found under its tags. */
export function tagWrites(table: Table, before: Post | undefined, after: Post | undefined): Write[] {
  const [had, has] = [listsOf(before)?.tags ?? [], listsOf(after)?.tags ?? []];
  const standing = new Set(had.map(keyTextOf));
  const wanted = new Set(has.map(keyTextOf));
  const gone = had.filter((tag) => !wanted.has(keyTextOf(tag)));
  return [
    ...has.map((tag): Write => {
      const post = after as Post;
      if (standing.has(keyTextOf(tag)))
        return { update: tagKey(post.id, tag), change: tagChangeOf(post, tag), orElse: stale };
      return { put: table.stamp(newTagItem(post, tag)), orElse: stale };
    }),
    ...gone.map((tag): Write => ({ remove: tagKey((before as Post).id, tag), orElse: stale })),
  ];
}

/** How many published posts each category and each tag has. */
export function countWrites(before: Post | undefined, after: Post | undefined): Write[] {
  const [was, is] = [listsOf(before), listsOf(after)];
  return [
    ...counted('BLOG_CATEGORY', categoryCountKey, was && [was.category], is && [is.category]),
    ...counted('BLOG_TAG_COUNT', tagCountKey, was?.tags, is?.tags),
  ];
}

function counted(
  EntityType: string,
  keyOf: (name: string) => Key,
  before: readonly string[] = [],
  after: readonly string[] = [],
): Write[] {
  const without = (names: readonly string[], others: readonly string[]) => {
    const known = new Set(others.map(keyTextOf));
    return names.filter((name) => !known.has(keyTextOf(name)));
  };
  const write = (name: string, count: number): Write => ({
    update: keyOf(name),
    change: { EntityType, ...(count >= 0 && { name }) },
    add: { count },
    upsert: true,
    silent: true,
    orElse: stale,
  });
  const respelt = after.filter((name) => !before.includes(name) && !without(after, before).includes(name));
  return [
    ...without(after, before).map((name) => write(name, 1)),
    ...respelt.map((name) => write(name, 0)),
    ...without(before, after).map((name) => write(name, -1)),
  ];
}

/** Locks the slug that a post takes. One that nobody has seen yet is free again, others stay the post’s. */
export function slugWrites(
  table: Table,
  { slug, publishedAt, formerSlugs }: Pick<Post, 'slug' | 'publishedAt'> & { formerSlugs: readonly string[] },
  after: Pick<Post, 'id' | 'slug'>,
): { readonly formerSlugs: readonly string[]; readonly writes: readonly Write[] } {
  if (slug === after.slug) return { formerSlugs, writes: [] };
  const others = formerSlugs.filter((each) => each !== after.slug);
  const wasOwn = others.length < formerSlugs.length;
  const lock: Write = {
    put: table.stamp(newSlugItem(after.slug, after.id)),
    orElse: failWith(SLUG_TAKEN),
  };
  const release: Write = { remove: slugKey(slug), orElse: stale };
  return {
    formerSlugs: publishedAt === null ? others : [...others, slug],
    writes: [...(wasOwn ? [] : [lock]), ...(publishedAt === null ? [release] : [])],
  };
}
