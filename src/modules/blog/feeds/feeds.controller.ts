import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../../http/access/access.decorators.js';
import { PublicFor } from '../../../http/envelope/response.decorators.js';
import { GivesFile } from '../../../http/openapi/describe.decorators.js';
import { FeedsService } from './feeds.service.js';

@ApiTags('Blog Posts')
@Controller('blog')
export class FeedsController {
  constructor(private readonly feeds: FeedsService) {}

  /** The latest posts, as RSS 2.0. */
  @Get('feed.rss')
  @Public()
  @PublicFor(300)
  @GivesFile({ 'application/rss+xml': 'text' })
  getRssFeed() {
    return this.feeds.feed('rss');
  }

  /** The latest posts, as Atom (RFC 4287). */
  @Get('feed.atom')
  @Public()
  @PublicFor(300)
  @GivesFile({ 'application/atom+xml': 'text' })
  getAtomFeed() {
    return this.feeds.feed('atom');
  }

  /** The latest posts, as JSON Feed. */
  @Get('feed.json')
  @Public()
  @PublicFor(300)
  @GivesFile({ 'application/feed+json': 'text' })
  getJsonFeed() {
    return this.feeds.feed('json');
  }

  /** Where the front end shows each published post (sitemaps.org). */
  @Get('sitemap.xml')
  @Public()
  @PublicFor(600)
  @GivesFile({ 'application/xml': 'text' })
  getSitemap() {
    return this.feeds.sitemap();
  }
}
