import { Injectable } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import type { Write } from '../../platform/dynamodb/table.js';
import { type Image, objectsOf, type Place, type Purpose } from './image.js';
import { IMAGE_NOT_FOUND, IMAGE_WRONG_PURPOSE } from './images.errors.js';
import { ImagesRepository } from './images.repository.js';

/** What is written of images together with what uses them. A failed condition of it is a `StaleImage`. */
export interface PlannedUses {
  readonly writes: readonly Write[];
  /** The images that are used from now on. */
  readonly images: ReadonlyMap<string, Image>;
}

const isAt = (place: Place) => (used: Place) => used.kind === place.kind && used.id === place.id;

/** How other modules use images: they write what this plans in the transaction of their own change. */
@Injectable()
export class ImageUses {
  constructor(private readonly images: ImagesRepository) {}

  /**
   * @param added shall be used by `place` @param removed no longer shall
   * @throws {ApiError} IMAGE_NOT_FOUND, IMAGE_WRONG_PURPOSE
   */
  async change(
    userId: string,
    place: Place,
    purpose: Purpose,
    { added, removed }: { readonly added: readonly string[]; readonly removed: readonly string[] },
  ): Promise<PlannedUses> {
    const found = await this.images.findMany(userId, [...added, ...removed]);
    const images = new Map(found.map((image) => [image.id, image]));
    for (const id of added) {
      const image = images.get(id);
      if (!image) throw new ApiError(IMAGE_NOT_FOUND, { details: [missing(id)] });
      if (image.purpose !== purpose) throw new ApiError(IMAGE_WRONG_PURPOSE);
    }
    const writes = found.flatMap((image) => {
      const others = image.usedBy.filter((used) => !isAt(place)(used));
      const places = added.includes(image.id) ? [...others, place] : others;
      return places.length === image.usedBy.length ? [] : [this.images.using(image, places)];
    });
    return { writes, images };
  }

  /** A place that goes takes along the images that nothing else uses. */
  async leaving(
    userId: string,
    place: Place,
    ids: readonly string[],
  ): Promise<{ readonly writes: readonly Write[]; readonly objects: readonly string[] }> {
    const images = await this.images.findMany(userId, ids);
    const alone = images.filter(({ usedBy }) => usedBy.every(isAt(place)));
    const shared = images.filter((image) => !alone.includes(image));
    return {
      writes: [
        ...alone.flatMap((image) => this.images.removal(image)),
        ...shared.map((image) =>
          this.images.using(
            image,
            image.usedBy.filter((used) => !isAt(place)(used)),
          ),
        ),
      ],
      objects: alone.flatMap(objectsOf),
    };
  }
}

const missing = (id: string) => ({
  field: 'imageId',
  code: 'exists',
  message: `There is no image ${id} of yours`,
});
