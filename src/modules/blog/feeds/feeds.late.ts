/** What writes feeds and sitemaps; in the deployment a file of its own beside the bundle. */
export { Feed } from 'feed';
export { default as MarkdownIt } from 'markdown-it';
export { SitemapStream, streamToPromise } from 'sitemap';
