import { IsIn, IsInt, IsOptional, IsString, Length, Min, ValidateIf } from 'class-validator';
import { PageQuery } from '../../../http/paging/page-query.dto.js';
import {
  AgreesWith,
  EmptyIsNull,
  IsOmittable,
  NullIsAbsent,
  ReadOnlyFields,
  IsId,
} from '../../../http/validation/validation.decorators.js';
import { PURPOSES, type Purpose } from '../image.js';

const METHODS = ['PUT', 'POST'] as const;

/** What is going to be uploaded. */
export class UploadUrlDto {
  /** @example sunburst.jpg */
  @IsString()
  @Length(1, 255)
  fileName!: string;

  /**
   * image/jpeg, image/png, image/webp; for receipts also application/pdf. Required, here or as `contentType`.
   * @example image/jpeg
   */
  @NullIsAbsent()
  @ValidateIf(
    ({ fileType, contentType }: UploadUrlDto) => fileType !== undefined || contentType === undefined,
  )
  @IsString()
  @Length(1, 100)
  @AgreesWith('contentType')
  fileType?: string;

  /** Also taken as `fileType`. */
  @IsOmittable()
  @IsString()
  @Length(1, 100)
  @AgreesWith('fileType')
  contentType?: string;

  /** Bytes. Where it is given, nothing shorter or longer can be uploaded. @example 482133 */
  @IsOmittable()
  @IsInt()
  @Min(1)
  fileSize?: number;

  @IsIn(PURPOSES)
  purpose?: Purpose = 'image';

  /** How it will be sent: as the body of a PUT, or as the file of a form. */
  @IsIn(METHODS)
  method?: (typeof METHODS)[number] = 'PUT';
}

/** Where to upload to, and how. */
export class UploadUrlResponse {
  uploadUrl!: string;
  imageKey!: string;
  /** @format uuid */
  imageId!: string;
  method!: 'PUT' | 'POST';
  /** For PUT: headers to be sent as they stand. (A browser sends the length by itself.) */
  headers?: Record<string, string>;
  /** For POST: the form's fields, which stand before its `file`. */
  fields?: Record<string, string>;
  /** Seconds. */
  expiresIn!: number;
}

export class UploadCompleteDto {
  /** As it was answered when the upload was asked for. */
  @IsString()
  @Length(1, 500)
  imageKey!: string;

  /** A guitar to attach it to: a photo to its photos, a receipt as its receipt. */
  @IsOmittable()
  @IsId()
  guitarId?: string;

  /** @example In its case, spring 2024 */
  @IsOmittable()
  @IsString()
  @Length(1, 300)
  caption?: string;
}

export class CompletedImageResponse {
  /** @format uuid */
  imageId!: string;
  imageUrl!: string;
  /** 400 by 400 pixels, cut from the middle. A PDF has none. */
  thumbnailUrl!: string | null;
  /** Pixels, as it is seen. */
  width!: number | null;
  /** Pixels, as it is seen. */
  height!: number | null;
  /** Bytes of what `imageUrl` gives. */
  size!: number;
  /** Whether the same content was there before: `imageId` is then the image that has it, which stays as it is. */
  duplicate!: boolean;
}

export class ImagesQuery extends PageQuery {
  /** Only photos, or only receipts. */
  @NullIsAbsent()
  @IsOptional()
  @IsIn(PURPOSES)
  purpose?: Purpose;
}

/** Changes only what is given; `null` and the empty text clear. */
@ReadOnlyFields(
  'id',
  'imageId',
  'purpose',
  'fileName',
  'contentType',
  'imageUrl',
  'thumbnailUrl',
  'width',
  'height',
  'size',
  'usedBy',
  'createdAt',
  'updatedAt',
  'version',
)
export class UpdateImageDto {
  /** @example In its case, spring 2024 */
  @EmptyIsNull()
  @IsOptional()
  @IsString()
  @Length(1, 300)
  caption?: string | null;

  /** What it shows, for those who cannot see it. @example A sunburst guitar in an open case */
  @EmptyIsNull()
  @IsOptional()
  @IsString()
  @Length(1, 500)
  altText?: string | null;
}

/** What uses an image. */
export class ImageUseResponse {
  /** @example guitar */
  kind!: string;
  /** @format uuid */
  id!: string;
}

export class ImageResponse {
  /** @format uuid */
  id!: string;
  /** Another name of `id`. @format uuid */
  imageId!: string;
  purpose!: Purpose;
  fileName!: string;
  contentType!: string;
  /** At the CDN, if there is one, where it is a photo; else an address that is good for five to ten minutes. */
  imageUrl!: string;
  /** 400 by 400 pixels, cut from the middle. A PDF has none. */
  thumbnailUrl!: string | null;
  width!: number | null;
  height!: number | null;
  /** Bytes of what `imageUrl` gives. */
  size!: number;
  caption!: string | null;
  altText!: string | null;
  usedBy!: ImageUseResponse[];
  /** @format date-time */
  createdAt!: string;
  /** @format date-time */
  updatedAt!: string;
  version!: number;
}
