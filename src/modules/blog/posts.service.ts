import { Injectable } from '@nestjs/common';
import { MovedPermanently } from '../../http/envelope/document.js';
import { ApiError } from '../../http/errors/api-error.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { asSeen } from '../../platform/dynamodb/faults.js';
import type { Page } from '../../platform/dynamodb/item.js';
import { IdSource } from '../../platform/ids.js';
import { assertMayList, mayRead, type Visitor } from '../portfolio/publication.js';
import { distinct } from '../portfolio/words.js';
import { POST_NOT_FOUND, SLUG_TAKEN } from './blog.errors.js';
import type { CreatePostDto, PostsQuery, UpdatePostDto } from './dto/post.dto.js';
import { type NewPost, type Post, readTimeOf, type WholePost } from './post.js';
import { listingOf } from './post-lists.js';
import { PostsRepository } from './posts.repository.js';

type Versions = readonly number[] | undefined;

const NOBODY = '00000000-0000-0000-0000-000000000000';
const LONGEST_SLUG = 90;
const SLUGS_TRIED = 10;

@Injectable()
export class PostsService {
  constructor(
    private readonly posts: PostsRepository,
    private readonly ids: IdSource,
  ) {}

  /** Without a slug it takes one of its title, with a number where others have it. */
  async create({ slug, content, ...body }: CreatePostDto): Promise<WholePost> {
    const post = {
      id: this.ids.next(),
      title: body.title,
      excerpt: body.excerpt,
      category: body.category,
      tags: distinct(body.tags),
      coverImageUrl: body.coverImageUrl ?? null,
      canonicalUrl: body.canonicalUrl ?? null,
      readTime: readTimeOf(content),
    };
    if (slug !== undefined) return this.posts.create({ ...post, slug }, content);
    return this.createWithFreeSlug(post, content);
  }

  async list(visitor: Visitor, query: PostsQuery & Paged): Promise<Page<Post>> {
    const { status = 'published', category, tag } = query;
    assertMayList(visitor, status);
    return this.posts.page(listingOf({ status, category, tag }), query);
  }

  async get(visitor: Visitor, id: string): Promise<WholePost> {
    const post = await this.posts.find(id);
    if (!post || !mayRead(visitor, post)) throw new ApiError(POST_NOT_FOUND);
    return post;
  }

  /** @param slug one that it has, or had: then it says where the post is now */
  async getBySlug(visitor: Visitor, slug: string): Promise<WholePost | MovedPermanently> {
    // What is not there is looked for as well, so that the number of reads does not tell it from a draft.
    const id = (await this.posts.findIdBySlug(slug)) ?? NOBODY;
    const post = await this.get(visitor, id);
    if (post.slug === slug) return post;
    return new MovedPermanently(`/v1/blog/posts/slug/${post.slug}`, { movedTo: post.slug });
  }

  update(id: string, { content, tags, ...body }: UpdatePostDto, versions: Versions): Promise<WholePost> {
    const said = Object.entries({ ...body, tags: tags && distinct(tags) });
    const fields = {
      ...(Object.fromEntries(said.filter(([, value]) => value !== undefined)) as Partial<Post>),
      ...(content !== undefined && { readTime: readTimeOf(content) }),
    };
    const attempt = async () => this.posts.replace(await this.posts.read(id, versions), { fields, content });
    return asSeen(versions, attempt);
  }

  async remove(id: string, versions: Versions): Promise<{ id: string; deleted: true }> {
    const attempt = async () => this.posts.remove(await this.posts.read(id, versions));
    await asSeen(versions, attempt);
    return { id, deleted: true };
  }

  listCategories(): Promise<{ name: string; count: number }[]> {
    return this.posts.listCounts('CATEGORIES');
  }

  listTags(): Promise<{ name: string; count: number }[]> {
    return this.posts.listCounts('TAGS');
  }

  async isPublished(id: string): Promise<boolean> {
    return (await this.posts.findListed(id))?.status === 'published';
  }

  /** What these are called, as far as they are there. */
  async titlesOf(ids: readonly string[]): Promise<Map<string, string>> {
    return new Map((await this.posts.findMany(ids)).map(({ id, title }) => [id, title]));
  }

  /** Until nobody takes a slug between the look at it and the write. */
  private async createWithFreeSlug(post: Omit<NewPost, 'slug'>, content: string): Promise<WholePost> {
    const slugs = await slugsFor(post);
    for (let tries = 1; ; tries += 1) {
      const slug = await this.posts.freeSlugOf(slugs, post.id);
      try {
        return await this.posts.create({ ...post, slug: slug ?? `post-${post.id}` }, content);
      } catch (error) {
        const taken = error instanceof ApiError && error.code === SLUG_TAKEN.code;
        if (!taken || tries > SLUGS_TRIED) throw error;
      }
    }
  }
}

/** In the order in which they are wanted; the last is no other post’s. */
async function slugsFor({ id, title }: Pick<Post, 'id' | 'title'>): Promise<string[]> {
  const { slugify } = await import('./slugs.late.js');
  const words = slugify(title.normalize('NFKC'), { decamelize: false }).slice(0, LONGEST_SLUG);
  const slug = words.replaceAll(/^-+|-+$/g, '') || 'post';
  const numbered = Array.from({ length: SLUGS_TRIED - 1 }, (_, position) => `${slug}-${position + 2}`);
  return [slug, ...numbered, `${slug.slice(0, 50)}-${id}`.replaceAll(/-+/g, '-')];
}
