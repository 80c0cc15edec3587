import { type DueQueue, outOf, placeIn } from '../../platform/dynamodb/due-items.js';
import {
  compact,
  type Item,
  type Key,
  type NewItem,
  type Range,
  textOf,
} from '../../platform/dynamodb/item.js';
import { keyTextOf } from '../../platform/key-text.js';
import type { NewPost, Post, PostStatus } from './post.js';

/** Posts that wait to be published. */
export const POSTS_DUE: DueQueue = { index: 'GSI2', name: 'BLOG#SCHEDULE' };

export const postKey = (id: string): Key => ({ PK: `BLOG#${id}`, SK: 'METADATA' });
export const contentKey = (id: string): Key => ({ PK: `BLOG#${id}`, SK: 'CONTENT' });
export const tagKey = (id: string, tag: string): Key => ({ PK: `BLOG#${id}`, SK: `TAG#${keyTextOf(tag)}` });
export const slugKey = (slug: string): Key => ({ PK: `SLUG#BLOG#${slug}`, SK: 'LOCK' });
export const categoryCountKey = (category: string): Key => ({
  PK: 'BLOG#CATEGORIES',
  SK: keyTextOf(category),
});
export const tagCountKey = (tag: string): Key => ({ PK: 'BLOG#TAGS', SK: keyTextOf(tag) });

/** A post and its text, and not its tags’ rows. */
export const wholePost = (id: string): Range => ({
  partition: `BLOG#${id}`,
  from: 'CONTENT',
  to: 'METADATA',
});

const upper = (status: PostStatus) => status.toUpperCase() as 'DRAFT' | 'SCHEDULED' | 'PUBLISHED';

export const postsByStatus = (status: PostStatus | 'all'): Range =>
  status === 'all'
    ? { index: 'GSI3', partition: 'BLOG#ALL' }
    : { index: 'GSI1', partition: `BLOG#STATUS#${upper(status)}` };

/** What is published of a category, and with a tag. */
export const postsByCategory = (category: string): Range => ({
  index: 'GSI2',
  partition: `BLOG#CAT#${keyTextOf(category)}`,
});
export const postsByTag = (tag: string): Range => ({
  index: 'GSI1',
  partition: `BLOG#TAG#${keyTextOf(tag)}`,
});

/** Newest first: by when it is or will be public, or else was made. */
function positionOf({ id, status, publishedAt, publishAt, createdAt }: Post): string {
  const at = { draft: createdAt, scheduled: publishAt, published: publishedAt }[status];
  return `${at}#${id}`;
}

function secondPlaceOf(post: Post) {
  const { id, status, category, publishAt } = post;
  if (status === 'scheduled' && publishAt !== null) return placeIn(POSTS_DUE, id, new Date(publishAt), id);
  if (status === 'published')
    return { GSI2PK: postsByCategory(category).partition, GSI2SK: positionOf(post) };
  return outOf(POSTS_DUE);
}

/** Where a post is found, by what it says. */
export const placesOf = (post: Post) => ({
  Status: upper(post.status),
  GSI1PK: postsByStatus(post.status).partition,
  GSI1SK: positionOf(post),
  ...secondPlaceOf(post),
  GSI3PK: postsByStatus('all').partition,
  GSI3SK: post.id,
});

/** The attributes that are a post’s own; what every item has stands in the item. */
const ownOf = (post: Post) => ({
  slug: post.slug,
  title: post.title,
  excerpt: post.excerpt,
  category: post.category,
  tags: post.tags,
  readTime: post.readTime,
  coverImageUrl: post.coverImageUrl,
  canonicalUrl: post.canonicalUrl,
  publishedAt: post.publishedAt,
  publishAt: post.publishAt,
});

/** A draft that stands in no list yet. */
export const newPostItem = ({ id, ...own }: NewPost): NewItem =>
  compact({ ...postKey(id), EntityType: 'BLOG', Status: upper('draft'), ...own, formerSlugs: [] });

/** An item of a post, in the lists that show it. */
export const placed = (item: Item): Item =>
  compact({ ...item, ...placesOf(postFrom(item)) }) as unknown as Item;

export const changeOf = (post: Post, formerSlugs: readonly string[]) => ({
  ...ownOf(post),
  ...placesOf(post),
  formerSlugs,
});

export const newContentItem = (id: string, content: string): NewItem => ({
  ...contentKey(id),
  EntityType: 'BLOG_CONTENT',
  content,
});

/** Stands while the post is published, and shows what lists show of it. */
export const newTagItem = (post: Post, tag: string): NewItem => ({
  ...tagKey(post.id, tag),
  EntityType: 'BLOG_TAG',
  ...tagChangeOf(post, tag),
});

export const tagChangeOf = (post: Post, tag: string) => ({
  GSI1PK: postsByTag(tag).partition,
  GSI1SK: positionOf(post),
  post,
});

export const newSlugItem = (slug: string, postId: string): NewItem => ({
  ...slugKey(slug),
  EntityType: 'BLOG_SLUG',
  postId,
});

export const postFrom = (item: Item): Post => ({
  id: item.PK.slice('BLOG#'.length),
  slug: item['slug'] as string,
  title: item['title'] as string,
  excerpt: item['excerpt'] as string,
  category: item['category'] as string,
  tags: item['tags'] as string[],
  readTime: item['readTime'] as number,
  coverImageUrl: textOf(item, 'coverImageUrl'),
  canonicalUrl: textOf(item, 'canonicalUrl'),
  status: (item.Status ?? '').toLowerCase() as PostStatus,
  publishedAt: textOf(item, 'publishedAt'),
  publishAt: textOf(item, 'publishAt'),
  createdAt: item.CreatedAt,
  updatedAt: item.UpdatedAt,
  version: item.Version,
});

/** From its tag’s row; in the order of `Post`, since DynamoDB’s maps have none. */
export function postFromTag(item: Item): Post {
  const shown = item['post'] as Post;
  const { id, createdAt, updatedAt, version, status, ...own } = shown;
  return postFrom({
    ...own,
    ...postKey(id),
    EntityType: 'BLOG',
    Status: upper(status),
    CreatedAt: createdAt,
    UpdatedAt: updatedAt,
    Version: version,
    Schema: item.Schema,
    WriteTokens: item.WriteTokens,
  });
}
