export const POST_STATUSES = ['draft', 'scheduled', 'published'] as const;
export type PostStatus = (typeof POST_STATUSES)[number];

/** A post as lists show it: without its text. */
export interface Post {
  readonly id: string;
  /** Unique among the slugs that posts have or had. */
  readonly slug: string;
  readonly title: string;
  readonly excerpt: string;
  readonly category: string;
  readonly tags: readonly string[];
  /** Minutes. */
  readonly readTime: number;
  readonly coverImageUrl: string | null;
  readonly canonicalUrl: string | null;
  readonly status: PostStatus;
  /** When it was published, also while it is a draft again; null while it never was. */
  readonly publishedAt: string | null;
  /** When a scheduled post is to be published. */
  readonly publishAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

/** What its author says of a post, beside its text. */
export type PostFields = Pick<
  Post,
  'title' | 'excerpt' | 'category' | 'tags' | 'coverImageUrl' | 'canonicalUrl'
>;

/** A draft that is to be made. */
export type NewPost = PostFields & Pick<Post, 'id' | 'slug' | 'readTime'>;

export interface WholePost extends Post {
  /** Markdown. */
  readonly content: string;
}

/** Lower-case letters, digits and single hyphens. */
export const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Bytes in UTF-8. */
export const CONTENT_BYTES = 256 * 1024;
/** A slug that was public stays taken, for links to follow. */
export const FORMER_SLUGS = 50;

const WORDS_PER_MINUTE = 200;
/** Scripts without spaces between words: each sign counts. */
const WORDS = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]|[\p{L}\p{N}]+/gu;

/** Whole minutes, at 200 words in each; at least one. */
export function readTimeOf(content: string): number {
  const words = content.match(WORDS)?.length ?? 0;
  return Math.max(1, Math.ceil(words / WORDS_PER_MINUTE));
}
