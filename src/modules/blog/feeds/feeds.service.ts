import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config.js';
import { Document } from '../../../http/envelope/document.js';
import type { SettingsResponse } from '../../portfolio/settings/dto/settings.dto.js';
import { SettingsService } from '../../portfolio/settings/settings.service.js';
import type { Post } from '../post.js';
import { listingOf } from '../post-lists.js';
import { PostsRepository } from '../posts.repository.js';
import { type FeedFormat, type FeedPost, writtenFeed } from './feed.js';
import { writtenSitemap } from './sitemap.js';

const POSTS_IN_FEED = 20;
const POSTS_IN_SITEMAP = 10_000;

const TYPES: Readonly<Record<FeedFormat, string>> = {
  rss: 'application/rss+xml; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
};

@Injectable()
export class FeedsService {
  constructor(
    private readonly posts: PostsRepository,
    private readonly settings: SettingsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async feed(format: FeedFormat): Promise<Document> {
    const site = await this.settings.get();
    const { items } = await this.posts.page(listingOf({ status: 'published' }), { limit: POSTS_IN_FEED });
    const texts = await this.posts.textsOf(items.map(({ id }) => id));
    const shown = items.map((post): FeedPost => {
      return { ...post, url: addressOf(site, post), content: texts.get(post.id) ?? '' };
    });
    const text = await writtenFeed(format, site, `${this.config.publicUrl}/v1/blog`, shown);
    return new Document(TYPES[format], Buffer.from(text));
  }

  /** The newest ten thousand, but for those that stand first elsewhere. */
  async sitemap(): Promise<Document> {
    const site = await this.settings.get();
    const posts = await this.posts.listFirst(listingOf({ status: 'published' }), POSTS_IN_SITEMAP);
    const entries = posts
      .filter((post) => !standsElsewhere(site, post))
      .map((post) => ({ url: addressOf(site, post), lastmod: post.updatedAt }));
    return new Document(
      'application/xml; charset=utf-8',
      await writtenSitemap([{ url: `${site.siteUrl}${site.blogPath}` }, ...entries]),
    );
  }
}

/** Where the front end shows a post, whatever address is its canonical one. */
const addressOf = ({ siteUrl, blogPath }: SettingsResponse, { slug }: Post): string =>
  `${siteUrl}${blogPath}/${slug}`;

/** Whether its canonical address is at another site. */
const standsElsewhere = ({ siteUrl }: SettingsResponse, { canonicalUrl }: Post): boolean =>
  canonicalUrl !== null && new URL(canonicalUrl).origin !== new URL(siteUrl).origin;
