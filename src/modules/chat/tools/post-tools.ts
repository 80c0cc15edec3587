import { Injectable } from '@nestjs/common';
import { ApiError } from '../../../http/errors/api-error.js';
import { POST_NOT_FOUND } from '../../blog/blog.errors.js';
import { CreatePostDto, PostsQuery } from '../../blog/dto/post.dto.js';
import { CONTENT_BYTES, POST_STATUSES } from '../../blog/post.js';
import { PostsService } from '../../blog/posts.service.js';
import { PublishingService } from '../../blog/publishing/publishing.service.js';
import { ALREADY_PUBLISHED } from '../../portfolio/portfolio.errors.js';
import { id, integer, oneOf, takes, text, texts } from './parameters.js';
import { argumentsAs, type Caller, idIn, type Tool, type ToolSet } from './tool.js';

const MOST_LISTED = 20;

const visitor = ({ id: userId, role }: Caller) => ({
  id: userId,
  role,
  sessionId: undefined,
  accessToken: undefined,
});

/** The blog is the owner's: nobody else has these tools. */
@Injectable()
export class PostTools implements ToolSet {
  constructor(
    private readonly posts: PostsService,
    private readonly publishing: PublishingService,
  ) {}

  readonly tools: readonly Tool[] = [
    {
      name: 'draft_post',
      description: 'Writes a blog post, as a draft that nobody else sees.',
      role: 'owner',
      parameters: takes(
        {
          title: text('The title', 200),
          excerpt: text('What it is about, in a sentence or two', 500),
          content: text('The post in Markdown', CONTENT_BYTES),
          category: text('One category', 50),
          tags: texts('One to ten tags', 10),
        },
        'title',
        'excerpt',
        'content',
        'category',
        'tags',
      ),
      run: async (_, given) => {
        const {
          id: postId,
          title,
          slug,
          status,
        } = await this.posts.create(await argumentsAs(CreatePostDto, given));
        return {
          result: { id: postId, title, slug, status },
          summary: `Drafted the post “${title}”`,
          resource: `/v1/blog/posts/${postId}`,
        };
      },
    },
    {
      name: 'list_posts',
      description: 'Lists blog posts without their texts, newest first.',
      role: 'owner',
      parameters: takes({
        status: oneOf([...POST_STATUSES, 'all']),
        category: text('The whole name', 50),
        tag: text('The whole name', 50),
        limit: integer('How many at most; 20 without it', 1, MOST_LISTED),
      }),
      run: async (caller, given) => {
        const query = await argumentsAs(PostsQuery, given);
        const limit = Math.min(query.limit ?? MOST_LISTED, MOST_LISTED);
        const page = Object.assign(query, { limit, after: undefined });
        const { items, next } = await this.posts.list(visitor(caller), page);
        const shown = items.map(({ id: postId, title, slug, status, publishedAt }) => ({
          id: postId,
          title,
          slug,
          status,
          publishedAt,
        }));
        return { result: { items: shown, more: next !== null }, summary: 'Looked at your posts' };
      },
    },
    {
      name: 'publish_post',
      description: 'Publishes a draft, once the user has confirmed it.',
      role: 'owner',
      parameters: takes({ id: id('the post') }, 'id'),
      doneCode: ALREADY_PUBLISHED.code,
      propose: async (caller, given) => {
        const post = await this.posts.get(visitor(caller), idIn(given, POST_NOT_FOUND));
        if (post.status === 'published') throw new ApiError(ALREADY_PUBLISHED);
        const { title, version } = post;
        return { summary: `Publish the post “${title}”`, version };
      },
      carryOut: async (_, given, versions) => {
        const post = await this.publishing.publish(idIn(given, POST_NOT_FOUND), {}, versions);
        return {
          result: { id: post.id, slug: post.slug, status: post.status },
          summary: `Published the post “${post.title}”`,
        };
      },
    },
  ];
}
