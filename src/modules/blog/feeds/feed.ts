import type { SettingsResponse } from '../../portfolio/settings/dto/settings.dto.js';
import type { Post } from '../post.js';

export type FeedFormat = 'rss' | 'atom' | 'json';

/** A post as feeds show it. */
export interface FeedPost extends Post {
  /** Where the front end shows it. */
  readonly url: string;
  /** Markdown; without it there is the excerpt alone. */
  readonly content: string | null;
}

/** What XML cannot hold (XML 1.0, 2.2) of what a text can. */
const NOT_IN_XML = /[\uFFFE\uFFFF]/g;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A plain text as HTML that shows it. */
const asHtml = (text: string): string =>
  text.replaceAll(NOT_IN_XML, '').replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? '');

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
  const shown = format === 'json' ? (text: string) => text : asHtml;
  const changed = posts
    .map(({ updatedAt }) => updatedAt)
    .reduce((one, other) => (one > other ? one : other), '');
  const feed = new Feed({
    title: site.title.replaceAll(NOT_IN_XML, ''),
    description: (site.description ?? site.title).replaceAll(NOT_IN_XML, ''),
    id: `${base}/feed.${format}`,
    link: site.siteUrl,
    language: site.language,
    // Whoever asks twice is answered the same.
    updated: new Date(changed === '' ? 0 : changed),
    generator: 'Hearth',
    feedLinks: { [format]: `${base}/feed.${format}` },
    author: { name: (site.authorName ?? site.title).replaceAll(NOT_IN_XML, '') },
  });
  for (const post of posts) {
    feed.addItem({
      id: `urn:uuid:${post.id}`,
      title: shown(post.title),
      link: post.url,
      description: shown(post.excerpt),
      ...(post.content !== null && { content: markdown.render(post.content).replaceAll(NOT_IN_XML, '') }),
      date: new Date(format === 'rss' ? (post.publishedAt ?? post.updatedAt) : post.updatedAt),
      ...(post.publishedAt !== null && { published: new Date(post.publishedAt) }),
      category: [post.category, ...post.tags].map((name) => {
        const plain = name.replaceAll(NOT_IN_XML, '');
        return { name: plain, term: plain };
      }),
      ...(format === 'json' && post.coverImageUrl !== null && { image: post.coverImageUrl }),
    });
  }
  return { rss: () => feed.rss2(), atom: () => feed.atom1(), json: () => feed.json1() }[format]();
}

/** A sitemap by a library. */
export async function sitemapOf(addresses: readonly { url: string; lastmod?: string }[]): Promise<Buffer> {
  const { SitemapStream, streamToPromise } = await import('./feeds.late.js');
  const stream = new SitemapStream({ xmlns: { news: false, xhtml: false, image: false, video: false } });
  const written = streamToPromise(stream);
  for (const address of addresses) stream.write(address);
  stream.end();
  return written;
}
