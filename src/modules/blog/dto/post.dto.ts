import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { PageQuery } from '../../../http/paging/page-query.dto.js';
import {
  AsInstant,
  IsInstant,
  IsOmittable,
  MaxBytes,
  OneLine,
  WebAddress,
  ReadOnlyFields,
} from '../../../http/validation/validation.decorators.js';
import { AreNameable, IsNameable } from '../../portfolio/nameable.js';
import { CONTENT_BYTES, POST_STATUSES, type PostStatus, SLUG } from '../post.js';

const LONGEST_NAME = 50;

/** Lower-case ASCII, so that it stands in any address as it is. */
const Slug = () =>
  applyDecorators(
    IsOmittable(),
    IsString(),
    Length(1, 100),
    Matches(SLUG, {
      message: '$property must be like my-first-post: lower-case letters, digits, single hyphens',
    }),
    ApiPropertyOptional({ minLength: 1, maxLength: 100, pattern: SLUG.source }),
  );

class OptionalPostFields {
  @WebAddress()
  coverImageUrl?: string | null;

  /** Where the post stands first, if that is elsewhere; it is not in the sitemap then. */
  @WebAddress()
  canonicalUrl?: string | null;
}

export class CreatePostDto extends OptionalPostFields {
  /** @example Setting the intonation of a Telecaster */
  @IsString()
  @Length(1, 200)
  @OneLine()
  title!: string;

  /** @example Three saddles, six strings, one compromise. */
  @IsString()
  @Length(1, 500)
  excerpt!: string;

  /** Markdown, at most 256 KB. @example # Before you begin */
  @IsString()
  @Length(1, CONTENT_BYTES)
  @MaxBytes(CONTENT_BYTES)
  content!: string;

  /** @example Workshop */
  @IsString()
  @Length(1, LONGEST_NAME)
  @IsNameable()
  @OneLine()
  category!: string;

  /** Those that differ only in case or accents are one. @example ["telecaster", "setup"] */
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  @Length(1, LONGEST_NAME, { each: true })
  @AreNameable()
  tags!: string[];

  /** Made of the title without it. @example setting-the-intonation */
  @Slug()
  slug?: string;
}

/** Changes only what is given; `null` and the empty text clear what is optional. */
@ReadOnlyFields('id', 'readTime', 'status', 'publishedAt', 'publishAt', 'createdAt', 'updatedAt', 'version')
export class UpdatePostDto extends OptionalPostFields {
  /** @example Setting the intonation of a Telecaster */
  @IsOmittable()
  @IsString()
  @Length(1, 200)
  @OneLine()
  title?: string;

  /** @example Three saddles, six strings, one compromise. */
  @IsOmittable()
  @IsString()
  @Length(1, 500)
  excerpt?: string;

  /** Markdown, at most 256 KB. @example # Before you begin */
  @IsOmittable()
  @IsString()
  @Length(1, CONTENT_BYTES)
  @MaxBytes(CONTENT_BYTES)
  content?: string;

  /** @example Workshop */
  @IsOmittable()
  @IsString()
  @Length(1, LONGEST_NAME)
  @IsNameable()
  @OneLine()
  category?: string;

  /** @example ["telecaster"] */
  @IsOmittable()
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  @Length(1, LONGEST_NAME, { each: true })
  @AreNameable()
  tags?: string[];

  /** It stays when the title changes; the one before leads here, once it was public. @example intonation-of-a-telecaster */
  @Slug()
  slug?: string;
}

export class PublishPostDto {
  /** Not in the future; without it when it was published before, or else now. @format date-time @example 2025-06-01T08:00:00Z */
  @IsOmittable()
  @IsInstant()
  @AsInstant()
  publishedAt?: string;
}

export class SchedulePostDto {
  /** In the future. @format date-time @example 2090-06-01T08:00:00Z */
  @IsInstant()
  @AsInstant()
  publishAt!: string;
}

export class PostsQuery extends PageQuery {
  /** Others than published are the owner’s. */
  @IsIn([...POST_STATUSES, 'all'])
  status?: PostStatus | 'all' = 'published';

  /** The whole name; case and accents do not matter. */
  @IsOptional()
  @IsString()
  @Length(1, LONGEST_NAME)
  category?: string;

  /** The whole name; case and accents do not matter. */
  @IsOptional()
  @IsString()
  @Length(1, LONGEST_NAME)
  tag?: string;
}

/** A post without its text. */
export class ListedPostResponse {
  /** @format uuid */
  id!: string;
  slug!: string;
  title!: string;
  excerpt!: string;
  category!: string;
  tags!: string[];
  /** Minutes. */
  readTime!: number;
  coverImageUrl!: string | null;
  canonicalUrl!: string | null;
  status!: PostStatus;
  /** When it was published; also while it is a draft again. @format date-time */
  publishedAt!: string | null;
  /** When a scheduled post is to be published. @format date-time */
  publishAt!: string | null;
  /** @format date-time */
  createdAt!: string;
  /** @format date-time */
  updatedAt!: string;
  version!: number;
}

export class PostResponse extends ListedPostResponse {
  /** Markdown. */
  content!: string;
}

/** A post by a slug that it had before. */
export class MovedPostResponse {
  /** The slug that it has now. */
  movedTo!: string;
}

export class NameCountResponse {
  /** As it was written last. */
  name!: string;
  /** Published posts. */
  count!: number;
}
