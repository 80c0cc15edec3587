import { Injectable } from '@nestjs/common';
import { ApiError } from '../../../http/errors/api-error.js';
import { VALIDATION_ERROR } from '../../../http/errors/common.errors.js';
import { Clock } from '../../../platform/clock.js';
import { DueItems, type DueRun } from '../../../platform/dynamodb/due-items.js';
import { asSeen } from '../../../platform/dynamodb/faults.js';
import { ALREADY_PUBLISHED, NOT_PUBLISHED } from '../../portfolio/portfolio.errors.js';
import { POST_NOT_FOUND } from '../blog.errors.js';
import type { PublishPostDto, SchedulePostDto } from '../dto/post.dto.js';
import type { Post, WholePost } from '../post.js';
import { postFrom, POSTS_DUE } from '../post.item.js';
import { PostsRepository } from '../posts.repository.js';

type Versions = readonly number[] | undefined;

/** Draft → scheduled → published and back, each step one transaction with all that lists and counts say of a post. */
@Injectable()
export class PublishingService {
  constructor(
    private readonly posts: PostsRepository,
    private readonly due: DueItems,
    private readonly clock: Clock,
  ) {}

  publish(id: string, { publishedAt }: PublishPostDto, versions: Versions): Promise<WholePost> {
    const now = this.now();
    if (publishedAt !== undefined && publishedAt > now)
      throw faultOf('publishedAt', 'must not be in the future; a post can be scheduled');
    return this.change(id, versions, (post) => {
      if (post.status === 'published') throw new ApiError(ALREADY_PUBLISHED);
      return { status: 'published', publishedAt: publishedAt ?? post.publishedAt ?? now, publishAt: null };
    });
  }

  /** What is scheduled is a draft again as well. */
  unpublish(id: string, versions: Versions): Promise<WholePost> {
    return this.change(id, versions, (post) => {
      if (post.status === 'draft') throw new ApiError(NOT_PUBLISHED);
      return { status: 'draft', publishAt: null };
    });
  }

  /** Once more, it moves to the other time. */
  schedule(id: string, { publishAt }: SchedulePostDto, versions: Versions): Promise<WholePost> {
    if (publishAt <= this.now()) throw faultOf('publishAt', 'must be in the future');
    return this.change(id, versions, (post) => {
      if (post.status === 'published') throw new ApiError(ALREADY_PUBLISHED);
      return { status: 'scheduled', publishAt };
    });
  }

  /** Publishes what is due; safe to be run twice, or by several at once. @throws {WorkLeft} */
  publishDue(): Promise<DueRun> {
    return this.due.each(POSTS_DUE, (item) => this.publishScheduled(postFrom(item).id));
  }

  /** As its latest version says: it may have been moved, or published, since the queue was read. */
  private async publishScheduled(id: string): Promise<boolean> {
    try {
      await this.change(id, undefined, ({ status, publishAt }) => {
        if (status !== 'scheduled' || publishAt === null || publishAt > this.now()) throw new NotDue();
        return { status: 'published', publishedAt: publishAt, publishAt: null };
      });
      return true;
    } catch (error) {
      if (error instanceof NotDue) return false;
      if (error instanceof ApiError && error.code === POST_NOT_FOUND.code) return false;
      throw error;
    }
  }

  private change(id: string, versions: Versions, step: (post: Post) => Partial<Post>): Promise<WholePost> {
    const attempt = async () => {
      const read = await this.posts.read(id, versions);
      return this.posts.replace(read, { fields: step(read.post) });
    };
    return asSeen(versions, attempt);
  }

  private now(): string {
    return this.clock.now().toISOString();
  }
}

class NotDue extends Error {}

const faultOf = (field: string, message: string) =>
  new ApiError(VALIDATION_ERROR, { details: [{ field, code: 'time', message: `${field} ${message}` }] });
