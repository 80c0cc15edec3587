import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser, OptionalAuth, Public, Roles } from '../../http/access/access.decorators.js';
import { IfMatch, SeenVersions } from '../../http/envelope/etag.js';
import { CreatedAt, PublicFor } from '../../http/envelope/response.decorators.js';
import { AUTH_FORBIDDEN, PRECONDITION_FAILED, WRITE_CONFLICT } from '../../http/errors/common.errors.js';
import { Idempotent } from '../../http/idempotency/idempotent.decorator.js';
import {
  Fails,
  Gives,
  GivesArray,
  GivesPage,
  MayMove,
  Takes,
} from '../../http/openapi/describe.decorators.js';
import { RemovedResponse } from '../../http/openapi/removed.dto.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { idOf } from '../../http/validation/id.pipe.js';
import { Update } from '../../http/request/update.decorator.js';
import { POST_NOT_FOUND, SLUG_LIMIT, SLUG_TAKEN } from './blog.errors.js';
import {
  CreatePostDto,
  ListedPostResponse,
  MovedPostResponse,
  NameCountResponse,
  PostResponse,
  PostsQuery,
  UpdatePostDto,
} from './dto/post.dto.js';
import { PostsService } from './posts.service.js';
import { slugPipe } from './slug.pipe.js';

const PostId = () => Param('id', idOf(POST_NOT_FOUND));

@ApiTags('Blog Posts')
@Controller('blog')
export class PostsController {
  constructor(private readonly posts: PostsService) {}

  /** Writes a post, as a draft. */
  @Post('posts')
  @Roles('owner')
  @Idempotent()
  @CreatedAt('/v1/blog/posts/:id')
  @Takes({
    title: 'Setting the intonation of a Telecaster',
    excerpt: 'Three saddles, six strings, one compromise.',
    content: '# Before you begin\n\nPut on new strings.',
    category: 'Workshop',
    tags: ['telecaster', 'setup'],
  })
  @Gives(PostResponse, 201)
  @Fails(SLUG_TAKEN, WRITE_CONFLICT)
  create(@Body() body: CreatePostDto) {
    return this.posts.create(body);
  }

  /** Without their texts, newest first. */
  @Get('posts')
  @OptionalAuth()
  @PublicFor(60)
  @GivesPage(ListedPostResponse)
  @Fails(AUTH_FORBIDDEN)
  list(@CurrentUser() visitor: CurrentUser | undefined, @Query() query: PostsQuery) {
    return this.posts.list(visitor, query as PostsQuery & Paged);
  }

  /** A post; what is not published is the owner’s alone. */
  @Get('posts/:id')
  @OptionalAuth()
  @PublicFor(60)
  @Gives(PostResponse)
  @Fails(POST_NOT_FOUND)
  get(@CurrentUser() visitor: CurrentUser | undefined, @PostId() id: string) {
    return this.posts.get(visitor, id);
  }

  /** A post by its slug; one that it had before leads to the one that it has. */
  @Get('posts/slug/:slug')
  @OptionalAuth()
  @PublicFor(60)
  @Gives(PostResponse)
  @MayMove(MovedPostResponse)
  @Fails(POST_NOT_FOUND)
  getPostBySlug(@CurrentUser() visitor: CurrentUser | undefined, @Param('slug', slugPipe) slug: string) {
    return this.posts.getBySlug(visitor, slug);
  }

  /** Changes the given fields. */
  @Update('posts/:id')
  @Roles('owner')
  @Takes({ excerpt: 'Three saddles, six strings.', tags: ['telecaster'] })
  @Gives(PostResponse)
  @Fails(POST_NOT_FOUND, SLUG_TAKEN, SLUG_LIMIT, PRECONDITION_FAILED, WRITE_CONFLICT)
  update(
    @PostId() id: string,
    @Body() body: UpdatePostDto,
    @SeenVersions() versions: readonly number[] | undefined,
  ) {
    return this.posts.update(id, body, versions);
  }

  /** Removes a post, and frees its slugs. */
  @Delete('posts/:id')
  @Roles('owner')
  @Gives(RemovedResponse)
  @Fails(POST_NOT_FOUND, PRECONDITION_FAILED, WRITE_CONFLICT)
  remove(@PostId() id: string, @IfMatch() versions: readonly number[] | undefined) {
    return this.posts.remove(id, versions);
  }

  /** The categories of published posts, and how many posts each has. */
  @Get('categories')
  @Public()
  @PublicFor(60)
  @GivesArray(NameCountResponse)
  listCategories() {
    return this.posts.listCategories();
  }

  /** The tags of published posts, and how many posts each has. */
  @Get('tags')
  @Public()
  @PublicFor(60)
  @GivesArray(NameCountResponse)
  listTags() {
    return this.posts.listTags();
  }
}
