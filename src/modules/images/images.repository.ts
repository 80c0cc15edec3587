import { Injectable } from '@nestjs/common';
import { failWith } from '../../http/errors/api-error.js';
import type { Paged } from '../../http/paging/page-query.dto.js';
import { Clock } from '../../platform/clock.js';
import { StaleVersion } from '../../platform/dynamodb/faults.js';
import type { Change, Item, Page, PageRequest } from '../../platform/dynamodb/item.js';
import { Table, type Write } from '../../platform/dynamodb/table.js';
import type { Image, Picture, Place, Purpose, Upload } from './image.js';
import {
  contentKey,
  contentsOf,
  imageFrom,
  imageKey,
  imagesOf,
  newContentItem,
  newImageItem,
  newUploadItem,
  uploadFrom,
  uploadKey,
  uploadsOf,
  usedBy,
} from './image.item.js';
import { IMAGE_NOT_FOUND } from './images.errors.js';

type Versions = readonly number[] | undefined;

const notFound = failWith(IMAGE_NOT_FOUND);
const stale = () => new StaleVersion();
const staleOrGone = (standing: Item | undefined) => (standing ? new StaleVersion() : notFound());

/** An image has changed since it was read for something that uses it, which may be as it was. */
export class StaleImage extends StaleVersion {}

const staleImage = () => new StaleImage();

@Injectable()
export class ImagesRepository {
  constructor(
    private readonly table: Table,
    private readonly clock: Clock,
  ) {}

  async announce(upload: Omit<Upload, 'imageId' | 'refusedAs'>): Promise<void> {
    await this.table.create(this.table.stamp(newUploadItem(upload, this.clock.seconds())), notFound);
  }

  async findUpload(userId: string, id: string): Promise<Upload | undefined> {
    const item = await this.table.get(uploadKey(userId, id), { consistent: true });
    return item && uploadFrom(item);
  }

  /**
   * Keeps what an upload was refused for, so that it is refused for the same when that is asked again.
   * @throws {StaleVersion} when it was completed meanwhile
   */
  async refuse({ userId, id }: Upload, refusedAs: string): Promise<void> {
    await this.table.update(uploadKey(userId, id), { refusedAs }, staleOrGone, { where: { imageId: null } });
  }

  /**
   * Makes an image of an upload, unless the same content is there already.
   * @throws {StaleVersion} when either is done by now
   */
  async complete(upload: Upload, picture: Picture, caption: string | undefined): Promise<Image> {
    const image = this.table.stamp(newImageItem(upload, picture, caption));
    const content = this.table.stamp(newContentItem(upload, picture.hash));
    await this.table.transact([
      { put: image, orElse: stale },
      { put: content, orElse: stale },
      this.completion(upload, upload.id),
    ]);
    return imageFrom(image);
  }

  /** Notes that an upload has the content of an image that is there. @throws {StaleVersion} when it no longer is */
  async completeAs(upload: Upload, imageId: string): Promise<void> {
    await this.table.transact([
      { check: imageKey(upload.userId, imageId), orElse: stale },
      this.completion(upload, imageId),
    ]);
  }

  /** The image that has this content, if there is one. */
  async idOf(userId: string, purpose: Purpose, hash: string): Promise<string | undefined> {
    const item = await this.table.get(contentKey(userId, purpose, hash), { consistent: true });
    return item?.['imageId'] as string | undefined;
  }

  async find(userId: string, id: string): Promise<Image | undefined> {
    const item = await this.table.get(imageKey(userId, id));
    return item && imageFrom(item);
  }

  /** Read consistently, since something is written because of it. A missing one is left out. */
  findMany(userId: string, ids: readonly string[]): Promise<Image[]> {
    return this.findAny(ids.map((id) => ({ userId, id })));
  }

  /** The same, whoever's they are. */
  async findAny(owners: readonly { userId: string; id: string }[]): Promise<Image[]> {
    const keys = owners.map(({ userId, id }) => imageKey(userId, id));
    return (await this.table.getMany(keys, { consistent: true })).map(imageFrom);
  }

  /** Newest first. @param purpose filters, within one person's own images */
  async list(userId: string, purpose: Purpose | undefined, page: Paged): Promise<Page<Image>> {
    const where = purpose && { purpose };
    const listing = { ranges: [imagesOf(userId)], order: 'descending' as const, where };
    return (await this.table.page(listing, page)).map(imageFrom);
  }

  async listAll(userId: string, page: PageRequest): Promise<Page<Image>> {
    return (await this.table.page({ ranges: [imagesOf(userId)], order: 'ascending' }, page)).map(imageFrom);
  }

  async update(userId: string, id: string, change: Change, versions: Versions): Promise<Image> {
    return imageFrom(await this.table.update(imageKey(userId, id), change, notFound, { versions }));
  }

  /** The write that changes where an image is used. @throws {StaleImage} from it, when it has changed meanwhile */
  using({ userId, id, version }: Image, places: readonly Place[]): Write {
    return {
      update: imageKey(userId, id),
      change: usedBy(places),
      where: { Version: version },
      orElse: staleImage,
    };
  }

  /** The writes that remove an image as it was read. @throws {StaleImage} from them, when it has changed meanwhile */
  removal({ userId, id, version, purpose, hash }: Image): Write[] {
    return [
      { remove: imageKey(userId, id), where: { Version: version }, orElse: staleImage },
      { remove: contentKey(userId, purpose, hash), orElse: staleImage },
    ];
  }

  async remove(image: Image): Promise<void> {
    await this.table.transact(this.removal(image));
  }

  async discardAll(userId: string): Promise<number> {
    await this.table.discardAll(contentsOf(userId));
    return this.table.discardAll(imagesOf(userId));
  }

  discardUploads(userId: string): Promise<number> {
    return this.table.discardAll(uploadsOf(userId));
  }

  private completion({ userId, id }: Upload, imageId: string): Write {
    return {
      update: uploadKey(userId, id),
      change: { imageId },
      where: { imageId: null, refusedAs: null },
      orElse: staleOrGone,
    };
  }
}
