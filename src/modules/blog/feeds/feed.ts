import { escapedText, xmlText } from '../../../platform/xml-text.js';
import type { SettingsResponse } from '../../portfolio/settings/dto/settings.dto.js';
import type { Post } from '../post.js';

export type FeedFormat = 'rss' | 'atom' | 'json';

/** A post as feeds show it. */
export interface FeedPost extends Post {
  /** Where the front end shows it. */
  readonly url: string;
  /** Markdown. */
  readonly content: string;
}

/** Of HTML, in all of a feed; posts beyond it are shown by their excerpts. An answer of Lambda has at most 6 MB. */
const TEXT_BYTES = 1024 * 1024;

/** Stands in Atom for `<` in attributes, which the library’s writer leaves as it is there; no text of XML holds it. */
const LESS = '\uFFFF';

/**
 * A feed by a library; texts become HTML by CommonMark, in which tags are shown and not obeyed, and links lead only where
 * a link may. Titles and excerpts are plain texts: HTML in the two XML formats, as RFC 4287 says of `type="html"`.
 * @param base where the feeds are, without a trailing slash
 */
export async function writtenFeed(
  format: FeedFormat,
  site: SettingsResponse,
  base: string,
  posts: readonly FeedPost[],
): Promise<string> {
  const { Feed, MarkdownIt } = await import('./feeds.late.js');
  const markdown = new MarkdownIt({ html: false, linkify: false });
  const shown = format === 'json' ? (text: string) => text : escapedText;
  const named = (name: string) => (format === 'atom' ? xmlText(name).replaceAll('<', LESS) : xmlText(name));
  const feed = new Feed({
    title: xmlText(site.title),
    description: xmlText(site.description ?? site.title),
    id: `${base}/feed.${format}`,
    link: site.siteUrl,
    language: site.language,
    // Whoever asks twice is answered the same.
    updated: lastChangeOf(posts),
    generator: 'Hearth',
    feedLinks: { [format]: `${base}/feed.${format}` },
    author: { name: xmlText(site.authorName ?? site.title) },
  });
  let left = TEXT_BYTES;
  for (const post of posts) {
    const html = left > 0 ? xmlText(markdown.render(post.content)) : '';
    const fits = left > 0 && Buffer.byteLength(html) <= left;
    left = fits ? left - Buffer.byteLength(html) : 0;
    feed.addItem({
      id: `urn:uuid:${post.id}`,
      title: shown(post.title),
      link: post.url,
      description: shown(post.excerpt),
      content: fits ? html : `<p>${escapedText(post.excerpt)}</p>`,
      date: new Date(format === 'rss' ? (post.publishedAt ?? post.updatedAt) : post.updatedAt),
      ...(post.publishedAt !== null && { published: new Date(post.publishedAt) }),
      category: [post.category, ...post.tags].map((name) => ({ name: named(name), term: named(name) })),
      ...(format === 'json' && post.coverImageUrl !== null && { image: post.coverImageUrl }),
    });
  }
  if (format === 'atom') return feed.atom1().replaceAll(LESS, '&lt;');
  return format === 'rss' ? feed.rss2() : feed.json1();
}

function lastChangeOf(posts: readonly FeedPost[]): Date {
  const changes = posts.map(({ updatedAt }) => Date.parse(updatedAt));
  return new Date(Math.max(0, ...changes));
}
