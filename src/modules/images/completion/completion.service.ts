import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ApiError, type ErrorDefinition } from '../../../http/errors/api-error.js';
import { StaleVersion, untilCurrent } from '../../../platform/dynamodb/faults.js';
import { type ObjectHeaders, ObjectChanged, Storage } from '../../../platform/storage/storage.js';
import type { CompletedImageResponse, UploadCompleteDto } from '../dto/image.dto.js';
import { type Image, MOST_BYTES, objectsOf, type Picture, type Upload } from '../image.js';
import { ImageObjects } from '../image-objects.js';
import { ImagePlaces } from '../image-places.js';
import {
  IMAGE_CONTENT_MISMATCH,
  IMAGE_NOT_FOUND,
  IMAGE_TOO_LARGE,
  IMAGE_UPLOAD_FAILED,
} from '../images.errors.js';
import { ImagesRepository } from '../images.repository.js';
import { ownerOfUpload, storedKeys } from '../object-keys.js';
import { isOfType } from './file-type.js';
import { Pictures, TooManyPixels, Undecodable } from './pictures.js';

const REFUSALS: readonly ErrorDefinition[] = [IMAGE_CONTENT_MISMATCH, IMAGE_TOO_LARGE];

/** The content is one that is not taken. */
class Refused extends Error {
  constructor(readonly definition: ErrorDefinition) {
    super(definition.code);
  }
}

/** Makes an image of what was uploaded. Every step may be repeated, so that dying after any of them loses nothing. */
@Injectable()
export class CompletionService {
  constructor(
    private readonly images: ImagesRepository,
    private readonly storage: Storage,
    private readonly objects: ImageObjects,
    private readonly pictures: Pictures,
    private readonly places: ImagePlaces,
  ) {}

  async complete(
    userId: string,
    { imageKey, guitarId, caption }: UploadCompleteDto,
  ): Promise<CompletedImageResponse> {
    const upload = await this.find(userId, imageKey);
    const guitars = this.places.of('guitar');
    if (guitarId !== undefined && upload.imageId === null)
      await guitars.assertTakes(userId, guitarId, upload.purpose);
    const image = await this.settle(upload, caption);
    await this.objects.discard([upload.key]);
    if (guitarId !== undefined) await guitars.attach(userId, guitarId, image);
    return this.response(image, upload);
  }

  private async find(userId: string, key: string): Promise<Upload> {
    const owner = ownerOfUpload(key);
    const upload = owner?.userId === userId ? await this.images.findUpload(userId, owner.id) : undefined;
    if (upload?.key !== key) throw new ApiError(IMAGE_NOT_FOUND);
    return upload;
  }

  /** The image that comes of an upload: it was made before, is made now, or has the same content as another one. */
  private async settle(announced: Upload, caption: string | undefined): Promise<Image> {
    const { userId, key } = announced;
    let picture: Picture | undefined;
    let upload: Upload | undefined = announced;
    const attempt = async () => {
      upload ??= await this.find(userId, key);
      const looked = upload;
      // Should somebody be faster, what they have done is looked at.
      upload = undefined;
      const made = await this.outcomeOf(looked);
      if (made) return made;
      if (picture)
        return (
          (await this.sameContent(looked, picture.hash)) ?? this.images.complete(looked, picture, caption)
        );
      const bytes = await this.uploaded(looked);
      const hash = createHash('sha256').update(bytes.content).digest('hex');
      const known = await this.sameContent(looked, hash);
      if (known) return known;
      picture = await this.promote(looked, bytes, hash);
      return this.images.complete(looked, picture, caption);
    };
    try {
      const image = await untilCurrent(attempt);
      // The same content came by another upload meanwhile.
      if (picture && image.key !== picture.key) await this.objects.discard(objectsOf(picture));
      return image;
    } catch (error) {
      // It was refused, or its image was removed meanwhile. (After an outage the image may be there.)
      if (picture && error instanceof ApiError) await this.objects.discard(objectsOf(picture));
      throw error;
    }
  }

  /** @throws {ApiError} what it was refused with before; IMAGE_NOT_FOUND when its image was removed since */
  private async outcomeOf({ userId, imageId, refusedAs }: Upload): Promise<Image | undefined> {
    const refusal = REFUSALS.find(({ code }) => code === refusedAs);
    if (refusal) throw new ApiError(refusal);
    if (imageId === null) return undefined;
    const [image] = await this.images.findMany(userId, [imageId]);
    if (!image) throw new ApiError(IMAGE_NOT_FOUND);
    return image;
  }

  /** One user's same content is one image. @throws {StaleVersion} when either has changed meanwhile */
  private async sameContent(upload: Upload, hash: string): Promise<Image | undefined> {
    const { userId, purpose } = upload;
    const imageId = await this.images.idOf(userId, purpose, hash);
    const [image] = imageId === undefined ? [] : await this.images.findMany(userId, [imageId]);
    if (image) await this.images.completeAs(upload, image.id);
    return image;
  }

  /** @throws {StaleVersion} when it was completed or refused meanwhile, which takes the object away */
  private async uploaded(upload: Upload): Promise<{ content: Buffer; etag: string }> {
    return this.refusing(upload, async () => {
      const head = await this.storage.head(upload.key);
      if (!head) throw new ObjectChanged();
      if (head.size > MOST_BYTES) throw new Refused(IMAGE_TOO_LARGE);
      const content = await this.storage.get(upload.key, head.etag);
      if (!isOfType(content, upload.contentType)) throw new Refused(IMAGE_CONTENT_MISMATCH);
      return { content, etag: head.etag };
    });
  }

  /** Puts the objects in their place, under names that follow from the content. */
  private promote(
    upload: Upload,
    { content, etag }: { content: Buffer; etag: string },
    hash: string,
  ): Promise<Picture> {
    const { userId, id, purpose, contentType } = upload;
    const keys = storedKeys(purpose, userId, id, hash, contentType);
    return this.refusing(upload, async () => {
      if (contentType === 'application/pdf') {
        await this.storage.copy(upload.key, keys.key, etag, headersOf(upload, contentType));
        const nothing = { thumbnailKey: null, width: null, height: null };
        return { key: keys.key, ...nothing, contentType, size: content.length, hash };
      }
      const { bytes, width, height, thumbnail } = await this.pictures.develop(content, contentType);
      await Promise.all([
        this.storage.put(keys.key, bytes, headersOf(upload, contentType)),
        this.storage.put(keys.thumbnailKey, thumbnail, headersOf(upload, 'image/webp')),
      ]);
      return { ...keys, contentType, width, height, size: bytes.length, hash };
    });
  }

  /** What is refused is removed, and the upload remembers what for. @throws {StaleVersion} when it was completed or refused meanwhile */
  private async refusing<T>(upload: Upload, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ObjectChanged) throw await this.missing(upload);
      const definition = refusalFor(error);
      if (!definition) throw error;
      await this.images.refuse(upload, definition.code);
      await this.objects.discard([upload.key]);
      throw new ApiError(definition);
    }
  }

  private async missing({ userId, key }: Upload): Promise<Error> {
    const { imageId, refusedAs } = await this.find(userId, key);
    return (imageId ?? refusedAs) === null ? new ApiError(IMAGE_UPLOAD_FAILED) : new StaleVersion();
  }

  private async response(image: Image, upload: Upload): Promise<CompletedImageResponse> {
    const { id, width, height, size } = image;
    const urls = await this.objects.urlsOf(image, image.purpose);
    return { imageId: id, ...urls, width, height, size, duplicate: id !== upload.id };
  }
}

function refusalFor(error: unknown): ErrorDefinition | undefined {
  if (error instanceof Refused) return error.definition;
  if (error instanceof TooManyPixels) return IMAGE_TOO_LARGE;
  return error instanceof Undecodable ? IMAGE_CONTENT_MISMATCH : undefined;
}

/** Photos never change under their name; receipts are kept by nobody but their owner, and opened by no browser on its own. */
function headersOf(upload: Upload, contentType: string): ObjectHeaders {
  if (upload.purpose === 'image') return { contentType, cacheControl: 'public, max-age=31536000, immutable' };
  const name = upload.key.slice(upload.key.indexOf(upload.id) + upload.id.length + 1);
  const named = contentType === upload.contentType ? `; filename="${name}"` : '';
  return { contentType, cacheControl: 'private, no-store', contentDisposition: `attachment${named}` };
}
