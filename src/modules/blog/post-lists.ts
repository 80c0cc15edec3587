import type { Item, Listing } from '../../platform/dynamodb/item.js';
import { keyTextOf } from '../../platform/key-text.js';
import type { Post, PostStatus } from './post.js';
import { postsByCategory, postsByStatus, postsByTag } from './post.item.js';

export interface PostSelection {
  readonly status: PostStatus | 'all';
  readonly category?: string | undefined;
  readonly tag?: string | undefined;
}

/** What is published has lists by category and by tag; both together, and with what is not, are filters. */
export function listingOf({ status, category, tag }: PostSelection): Listing {
  const order = 'descending' as const;
  if (status === 'published' && tag !== undefined)
    return { ranges: [postsByTag(tag)], order, ...kept(category === undefined ? [] : [isIn(category)]) };
  if (status === 'published' && category !== undefined) return { ranges: [postsByCategory(category)], order };
  const tests = [
    ...(category === undefined ? [] : [isIn(category)]),
    ...(tag === undefined ? [] : [isTagged(tag)]),
  ];
  return { ranges: [postsByStatus(status)], order, ...kept(tests) };
}

type Test = (item: Item) => boolean;

const kept = (tests: readonly Test[]): Pick<Listing, 'keep'> =>
  tests.length === 0 ? {} : { keep: (item) => tests.every((test) => test(item)) };

/** A tag’s row holds its post; a post’s row is one. */
const saidBy = (item: Item) => (item['post'] ?? item) as Pick<Post, 'category' | 'tags'>;

const isIn =
  (category: string): Test =>
  (item) =>
    keyTextOf(saidBy(item).category) === keyTextOf(category);

const isTagged =
  (tag: string): Test =>
  (item) =>
    saidBy(item).tags.some((each) => keyTextOf(each) === keyTextOf(tag));
