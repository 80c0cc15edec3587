export interface SitemapEntry {
  readonly url: string;
  /** An instant. */
  readonly lastmod?: string;
}

/** A sitemap (sitemaps.org) by a library. */
export async function writtenSitemap(entries: readonly SitemapEntry[]): Promise<Buffer> {
  const { SitemapStream, streamToPromise } = await import('./feeds.late.js');
  const stream = new SitemapStream({ xmlns: { news: false, xhtml: false, image: false, video: false } });
  const written = streamToPromise(stream);
  for (const entry of entries) stream.write(entry);
  stream.end();
  return written;
}
