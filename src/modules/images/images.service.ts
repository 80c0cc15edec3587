import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import { PRECONDITION_FAILED } from '../../http/errors/common.errors.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { untilCurrent } from '../../platform/dynamodb/faults.js';
import { Page } from '../../platform/dynamodb/item.js';
import { IdSource } from '../../platform/ids.js';
import { Storage, UPLOAD_SECONDS } from '../../platform/storage/storage.js';
import type {
  ImageResponse,
  ImagesQuery,
  UpdateImageDto,
  UploadUrlDto,
  UploadUrlResponse,
} from './dto/image.dto.js';
import { FILE_TYPES, type FileType, type Image, MOST_BYTES, objectsOf, type Purpose } from './image.js';
import { ImageObjects } from './image-objects.js';
import { IMAGE_IN_USE, IMAGE_NOT_FOUND, IMAGE_TOO_LARGE, IMAGE_TYPE_UNSUPPORTED } from './images.errors.js';
import { ImagesRepository } from './images.repository.js';
import { uploadKeyOf } from './object-keys.js';

type Versions = readonly number[] | undefined;

@Injectable()
export class ImagesService {
  constructor(
    private readonly images: ImagesRepository,
    private readonly storage: Storage,
    private readonly objects: ImageObjects,
    private readonly ids: IdSource,
  ) {}

  /** The bytes never pass through this API: the client sends them to where this points (seed 001). */
  async announce(userId: string, body: UploadUrlDto): Promise<UploadUrlResponse> {
    const { fileSize, purpose = 'image', method = 'PUT' } = body;
    const fileName = shownName(body.fileName);
    const contentType = typeOf(body.fileType ?? body.contentType, purpose);
    if (fileSize !== undefined && fileSize > MOST_BYTES) throw new ApiError(IMAGE_TOO_LARGE);
    const id = this.ids.next();
    const key = uploadKeyOf(userId, id, fileName, contentType);
    await this.images.announce({ id, userId, key, fileName, contentType, purpose });
    const common = { imageKey: key, imageId: id, method, expiresIn: UPLOAD_SECONDS };
    if (method === 'POST') {
      const { url, fields } = await this.storage.presignPost(key, contentType, [
        fileSize ?? 1,
        fileSize ?? MOST_BYTES,
      ]);
      return { uploadUrl: url, ...common, fields };
    }
    const { url, headers } = await this.storage.presignPut(key, contentType, fileSize);
    return { uploadUrl: url, ...common, headers: { ...headers } };
  }

  async list(userId: string, { purpose, ...page }: ImagesQuery & Paged): Promise<Page<ImageResponse>> {
    const { items, next } = await this.images.list(userId, purpose, page);
    return new Page(await Promise.all(items.map((image) => this.response(image))), next);
  }

  async get(userId: string, id: string): Promise<ImageResponse> {
    const image = await this.images.find(userId, id);
    if (!image) throw new ApiError(IMAGE_NOT_FOUND);
    return this.response(image);
  }

  async update(
    userId: string,
    id: string,
    { caption, altText }: UpdateImageDto,
    versions: Versions,
  ): Promise<ImageResponse> {
    return this.response(await this.images.update(userId, id, { caption, altText }, versions));
  }

  /** The record first: an object that nothing names is swept, a record without its object would be broken. */
  async remove(userId: string, id: string, versions: Versions): Promise<{ id: string; deleted: true }> {
    const image = await untilCurrent(() => this.removeUnused(userId, id, versions));
    await this.objects.discard(objectsOf(image));
    return { id, deleted: true };
  }

  async response(image: Image): Promise<ImageResponse> {
    const { id, purpose, fileName, contentType, width, height, size } = image;
    const { caption, altText, usedBy, createdAt, updatedAt, version } = image;
    return {
      id,
      imageId: id,
      purpose,
      fileName,
      contentType,
      ...(await this.objects.urlsOf(image, purpose)),
      width,
      height,
      size,
      caption,
      altText,
      usedBy: [...usedBy],
      createdAt,
      updatedAt,
      version,
    };
  }

  private async removeUnused(userId: string, id: string, versions: Versions): Promise<Image> {
    const [image] = await this.images.findMany(userId, [id]);
    if (!image) throw new ApiError(IMAGE_NOT_FOUND);
    if (versions && !versions.includes(image.version)) throw new ApiError(PRECONDITION_FAILED);
    if (image.usedBy.length > 0) {
      const details = image.usedBy.map((place) => ({
        field: 'usedBy',
        code: 'inUse',
        message: `It is used by the ${place.kind} ${place.id}`,
      }));
      throw new ApiError(IMAGE_IN_USE, { details });
    }
    await this.images.remove(image);
    return image;
  }
}

/** A name without the folders before it, and without marks that nobody sees. */
const shownName = (fileName: string): string =>
  (fileName.split(/[/\\]/).at(-1) ?? '').replaceAll(/\p{Cf}/gu, '').trim() || 'file';

function typeOf(type: string | undefined, purpose: Purpose): FileType {
  const media = (type ?? '').toLowerCase();
  const known = Object.hasOwn(FILE_TYPES, media) ? (media as FileType) : undefined;
  const purposes: readonly Purpose[] = known ? FILE_TYPES[known].purposes : [];
  if (!known || !purposes.includes(purpose)) throw new ApiError(IMAGE_TYPE_UNSUPPORTED);
  return known;
}
