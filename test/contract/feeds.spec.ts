import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseFeed } from 'feedsmith';
import RssParser from 'rss-parser';
import { type FeedPost, writtenFeed } from '../../src/modules/blog/feeds/feed.js';
import { writtenSitemap } from '../../src/modules/blog/feeds/sitemap.js';
import { portfolioOf } from '../support/portfolio.js';
import { type Person, TestApp } from '../support/test-app.js';
import { parseXml, textsOf } from '../support/xml.js';

const HOSTILE = '<script>alert("x")</script> & ]]> "quotes" \u{1F3B8}';
const FORMATS = ['rss', 'atom', 'json'] as const;
const TYPES = {
  rss: 'application/rss+xml; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
};

/** What a reader takes from a feed. */
interface Read {
  readonly title: string | undefined;
  readonly entries: readonly {
    readonly id: string | undefined;
    readonly title: string | undefined;
    readonly link: string | undefined;
    readonly html: string | undefined;
    readonly date: number;
    /** Undefined where a reader does not take them. */
    readonly categories: readonly string[] | undefined;
  }[];
}

/** The first reader, of the two formats in XML. */
async function byRssParser(text: string): Promise<Read> {
  const { title, items } = await new RssParser({ customFields: { item: ['id'] } }).parseString(text);
  return {
    title,
    entries: items.map((item) => ({
      id: item.guid ?? (item as { id?: string }).id,
      title: item.title,
      link: item.link,
      html: (item as { 'content:encoded'?: string })['content:encoded'] ?? item.content,
      date: Date.parse(item.isoDate ?? ''),
      categories: item.categories,
    })),
  };
}

/** The second, of all three. */
function byFeedsmith(text: string): Read {
  const parsed = parseFeed(text);
  if (parsed.format === 'rss') {
    const { title, items = [] } = parsed.feed;
    return {
      title,
      entries: items.map((item) => ({
        id: item.guid?.value,
        title: item.title,
        link: item.link,
        html: item.content?.encoded,
        date: Date.parse(String(item.pubDate)),
        categories: (item.categories ?? []).map(({ name }) => name ?? ''),
      })),
    };
  }
  if (parsed.format === 'atom') {
    const { title, entries = [] } = parsed.feed;
    return {
      title: asText(title),
      entries: entries.map((entry) => ({
        id: entry.id,
        title: asText(entry.title),
        link: entry.links?.[0]?.href,
        html: asText(entry.content),
        date: Date.parse(String(entry.published)),
        categories: (entry.categories ?? []).map(({ term }) => term ?? ''),
      })),
    };
  }
  if (parsed.format !== 'json') throw new Error(parsed.format);
  const { title, items = [] } = parsed.feed;
  return {
    title,
    entries: items.map((item) => ({
      id: item.id,
      title: item.title,
      link: item.url,
      html: item.content_html,
      date: Date.parse(String(item.date_published)),
      categories: item.tags ?? [],
    })),
  };
}

const asText = (value: unknown) =>
  typeof value === 'string' ? value : ((value as { value?: string } | undefined)?.value ?? undefined);

const asHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

describe('Feeds', () => {
  let app: TestApp;
  let owner: Person;
  const posts: { id: string; slug: string; title: string; publishedAt: string }[] = [];
  beforeAll(async () => {
    app = await TestApp.start();
    owner = await app.owner();
    const make = portfolioOf(owner);
    await owner.client.put('/v1/portfolio/settings', {
      title: 'Notes & nuts',
      siteUrl: 'https://example.com',
      authorName: 'Ada',
    });
    for (const fields of [
      { title: 'Plain', content: '# Heading\n\nWith *words* and [a link](https://example.com/?a=1&b=2).' },
      {
        title: HOSTILE,
        excerpt: HOSTILE,
        content: `${HOSTILE}\n\n[click](javascript:alert(1)) <img src=x onerror=alert(1)>`,
        category: 'A & B',
        tags: ['<i> & "C<T>"'],
      },
    ])
      posts.unshift(await make.post(fields));
    await make.draft({ title: 'Draft' });
  });
  afterAll(() => app.stop());

  const feed = async (format: (typeof FORMATS)[number]) => {
    const { status, headers, text } = await app.client.get(`/v1/blog/feed.${format}`);
    expect([status, headers['content-type']]).toEqual([200, TYPES[format]]);
    return text;
  };

  it.each(FORMATS)('%s is read alike by independent readers, and says what is published', async (format) => {
    const text = await feed(format);
    const readers = [byFeedsmith(text), ...(format === 'json' ? [] : [await byRssParser(text)])];
    // The other reader takes no categories from Atom.
    expect(readers[0]?.entries[0]?.categories).toEqual(['A & B', '<i> & "C<T>"']);
    if (format === 'rss') expect(readers[1]?.entries[0]?.categories).toEqual(['A & B', '<i> & "C<T>"']);
    for (const read of readers) {
      expect(read.title).toBe('Notes & nuts');
      expect(read.entries.map(({ id }) => id)).toEqual(posts.map(({ id }) => `urn:uuid:${id}`));
      expect(read.entries.map(({ link }) => link)).toEqual(
        posts.map(({ slug }) => `https://example.com/blog/${slug}`),
      );
      const shown = (title: string) => (format === 'json' ? title : asHtml(title));
      expect(read.entries.map(({ title }) => title)).toEqual(posts.map(({ title }) => shown(title)));
      const seconds = (at: string) => Math.floor(Date.parse(at) / 1000);
      expect(read.entries.map(({ date }) => Math.floor(date / 1000))).toEqual(
        posts.map(({ publishedAt }) => seconds(publishedAt)),
      );
    }
  });

  it.each(FORMATS)('%s shows HTML and scripts, and runs none', async (format) => {
    const [hostile, plain] = byFeedsmith(await feed(format)).entries;
    expect(hostile?.html).toContain('&lt;script&gt;');
    expect(hostile?.html).not.toMatch(/<script|<img|href="javascript/i);
    expect(plain?.html).toContain('<h1>Heading</h1>');
    expect(plain?.html).toContain('<a href="https://example.com/?a=1&amp;b=2">a link</a>');
  });

  it.each([...FORMATS.map((format) => `feed.${format}`), 'sitemap.xml'])(
    '%s can be kept by caches, and is the same until a post changes',
    async (name) => {
      const path = `/v1/blog/${name}`;
      const { headers } = await app.client.get(path);
      expect(headers['cache-control']).toMatch(/^public, max-age=\d+, stale-while-revalidate=\d+$/);
      const seen = { headers: { 'If-None-Match': headers['etag'] ?? '' } };
      expect((await app.client.get(path, seen)).status).toBe(304);
      await owner.client.put(`/v1/blog/posts/${posts[1]?.id}`, { excerpt: `Changed for ${name}` });
      expect((await app.client.get(path, seen)).status).toBe(200);
    },
  );

  it('the sitemap has the blog and each published post', async () => {
    const { headers, text } = await app.client.get('/v1/blog/sitemap.xml');
    expect(headers['content-type']).toBe('application/xml; charset=utf-8');
    expect(() => parseXml(text)).not.toThrow();
    const document = parseXml(text);
    expect(document.documentElement?.namespaceURI).toBe('http://www.sitemaps.org/schemas/sitemap/0.9');
    expect(textsOf(document, 'loc')).toEqual([
      'https://example.com/blog',
      ...posts.map(({ slug }) => `https://example.com/blog/${slug}`),
    ]);
  });

  it('the sitemap leaves out a post that stands first elsewhere', async () => {
    const make = portfolioOf(owner);
    const elsewhere = await make.post({ title: 'Elsewhere', canonicalUrl: 'https://other.example.org/post' });
    const here = await make.post({ title: 'Here', canonicalUrl: 'https://example.com/blog/here' });
    const { text } = await app.client.get('/v1/blog/sitemap.xml');
    expect(text).not.toContain('elsewhere');
    expect(text).toContain('<loc>https://example.com/blog/here</loc>');
    for (const { id } of [elsewhere, here]) await owner.client.delete(`/v1/blog/posts/${id}`);
  });

  it('of a blog without posts are feeds all the same', () =>
    TestApp.with({}, async (other) => {
      for (const format of FORMATS) {
        const { status, text } = await other.client.get(`/v1/blog/feed.${format}`);
        expect([status, byFeedsmith(text).entries]).toEqual([200, []]);
      }
      const { text: sitemap } = await other.client.get('/v1/blog/sitemap.xml');
      expect(textsOf(parseXml(sitemap), 'loc')).toHaveLength(1);
    }));

  describe('of any words', () => {
    const site = {
      title: 'Notes',
      description: null,
      authorName: null,
      language: 'en',
      siteUrl: 'https://example.com',
      blogPath: '/blog',
      badges: false,
      chart: false,
      version: 1,
    };
    const BASE = 'https://api.example.com/v1/blog';
    // What the API takes: well-formed, and without control characters.
    const words = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((text) => text.isWellFormed() && !/(?![\n\t])\p{Cc}/u.test(text) && text.trim() !== '');
    const post = fc
      .record({ title: words, excerpt: words, content: words, category: words, tags: fc.array(words) })
      .map((fields): FeedPost => ({
        ...fields,
        id: '0197a2b0-0000-7000-8000-000000000000',
        slug: 'slug',
        url: 'https://example.com/blog/slug',
        readTime: 1,
        coverImageUrl: null,
        canonicalUrl: null,
        status: 'published',
        publishedAt: '2025-06-01T08:00:00.000Z',
        publishAt: null,
        createdAt: '2025-06-01T08:00:00.000Z',
        updatedAt: '2025-06-02T08:00:00.000Z',
        version: 1,
      }));

    it('are well-formed, and hold no tag of the post’s own', async () => {
      await fc.assert(
        fc.asyncProperty(post, async (each) => {
          for (const format of ['rss', 'atom'] as const) {
            const text = await writtenFeed(format, site, BASE, [each]);
            expect(() => parseXml(text)).not.toThrow();
            expect((await byRssParser(text)).entries).toHaveLength(1);
          }
          const json = await writtenFeed('json', site, BASE, [each]);
          expect(JSON.parse(json).items[0].title).toBe(each.title);
        }),
        { numRuns: 300 },
      );
    });

    it('are well-formed also where Markdown makes what XML cannot hold', async () => {
      const [some] = fc.sample(post, 1);
      for (const content of [
        'a&#12;b',
        'a&#xFFFF;b',
        '<https://example.com/%01>',
        '[x](https://example.com/%01)',
      ]) {
        for (const format of ['rss', 'atom'] as const) {
          const text = await writtenFeed(format, site, BASE, [
            { ...(some as FeedPost), title: 'a\uFFFFb', content },
          ]);
          expect(() => parseXml(text)).not.toThrow();
        }
        const json = await writtenFeed('json', site, BASE, [
          { ...(some as FeedPost), title: 'a\uFFFF<b', content },
        ]);
        expect(JSON.parse(json).items[0].title).toBe('a\uFFFF<b');
      }
    });

    it('stay below what an answer can hold: posts beyond are shown by their excerpts, as text', async () => {
      const [some] = fc.sample(post, 1);
      const excerpt = '<img src=x onerror=alert(1)> & more';
      for (const content of [
        '"'.repeat(262_144),
        '-\n'.repeat(131_000),
        '|a|\n|-|\n' + 'a\n'.repeat(130_000),
      ]) {
        const posts = Array.from({ length: 20 }, () => ({ ...(some as FeedPost), excerpt, content }));
        for (const format of FORMATS) {
          const text = await writtenFeed(format, site, BASE, posts);
          expect(Buffer.byteLength(text)).toBeLessThan(4_000_000);
          const { entries } = byFeedsmith(text);
          expect(entries).toHaveLength(20);
          expect(entries.at(-1)?.html).toBe('<p>&lt;img src=x onerror=alert(1)&gt; &amp; more</p>');
        }
      }
    });
  });

  it('a sitemap of ten thousand posts is one document', async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => ({ url: `https://example.com/blog/post-${n}` }));
    const text = (await writtenSitemap(many)).toString();
    expect(() => parseXml(text)).not.toThrow();
    expect(text.match(/<loc>/g)).toHaveLength(10_000);
  });
});
