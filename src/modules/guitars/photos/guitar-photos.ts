import { Injectable } from '@nestjs/common';
import { ApiError } from '../../../http/errors/api-error.js';
import { untilCurrent } from '../../../platform/dynamodb/faults.js';
import type { Write } from '../../../platform/dynamodb/table.js';
import { type ImagePlace, ImagePlaces } from '../../images/image-places.js';
import { ImageUses } from '../../images/image-uses.js';
import { StaleImage } from '../../images/images.repository.js';
import type { Image, Place, Purpose } from '../../images/image.js';
import { type Guitar, type GuitarImage, IMAGES_PER_GUITAR, type PrivateInfo } from '../guitar.js';
import { GUITAR_IMAGE_LIMIT, GUITAR_NOT_FOUND } from '../guitars.errors.js';
import { GuitarsRepository, type ReadGuitar } from '../guitars.repository.js';
import { type Arranged, photoOf } from './arrangement.js';

type Versions = readonly number[] | undefined;

const KIND = 'guitar';
const placeOf = (id: string): Place => ({ kind: KIND, id });

/** What goes with a change of a guitar's receipt. */
interface PlannedReceipt {
  readonly receiptKey: string | null;
  readonly writes: readonly Write[];
}

/** What goes with a change of a guitar's photos. */
interface PlannedPhotos {
  readonly images: readonly GuitarImage[];
  readonly writes: readonly Write[];
}

/** Guitars as places where images can be: photos in order, one of them the primary, and one receipt. */
@Injectable()
export class GuitarPhotos implements ImagePlace {
  readonly kind = KIND;

  constructor(
    private readonly guitars: GuitarsRepository,
    private readonly uses: ImageUses,
    private readonly places: ImagePlaces,
  ) {
    this.places.register(this);
  }

  async assertTakes(userId: string, id: string, purpose: Purpose): Promise<void> {
    const guitar = await this.guitars.find(userId, id);
    if (!guitar) throw new ApiError(GUITAR_NOT_FOUND);
    if (purpose === 'image') assertRoom(guitar.images.length + 1);
  }

  attach(userId: string, id: string, image: Image): Promise<void> {
    return untilCurrent(async () => {
      const read = await this.guitars.read(userId, id);
      await (image.purpose === 'receipt' ? this.attachReceipt(read, image) : this.attachPhoto(read, image));
    });
  }

  /** Without `versions` it goes on until nobody was faster; with them it is the client who decides. */
  set(userId: string, id: string, wanted: readonly Arranged[], versions: Versions): Promise<Guitar> {
    const attempt = async () => this.arrange(await this.guitars.read(userId, id, versions), wanted);
    return untilCurrent(attempt, versions && StaleImage);
  }

  /** @param before what the guitar has @param after what it shall say */
  async planReceipt(
    userId: string,
    id: string,
    after: PrivateInfo,
    before?: Pick<Guitar, 'privateInfo' | 'receiptKey'>,
  ): Promise<PlannedReceipt> {
    const [was, is] = [before?.privateInfo.receiptImageId, after.receiptImageId];
    if (was === is) return { receiptKey: before?.receiptKey ?? null, writes: [] };
    const { writes, images } = await this.uses.change(userId, placeOf(id), 'receipt', {
      added: is === undefined ? [] : [is],
      removed: was === undefined ? [] : [was],
    });
    return { receiptKey: (is !== undefined && images.get(is)?.key) || null, writes };
  }

  /** What goes with a guitar that goes. */
  leaving({ userId, id, images, privateInfo: { receiptImageId } }: Guitar) {
    const ids = [
      ...images.map((image) => image.id),
      ...(receiptImageId === undefined ? [] : [receiptImageId]),
    ];
    return this.uses.leaving(userId, placeOf(id), ids);
  }

  private async attachPhoto(read: ReadGuitar, image: Image): Promise<void> {
    const { images } = read.guitar;
    if (images.some(({ id }) => id === image.id)) return;
    assertRoom(images.length + 1);
    const standing = images.map(({ id, caption, isPrimary }) => ({ imageId: id, caption, isPrimary }));
    await this.arrange(read, [
      ...standing,
      { imageId: image.id, caption: image.caption, isPrimary: images.length === 0 },
    ]);
  }

  private async attachReceipt({ item, guitar }: ReadGuitar, image: Image): Promise<void> {
    const privateInfo = { ...guitar.privateInfo, receiptImageId: image.id };
    if (guitar.privateInfo.receiptImageId === image.id) return;
    const { receiptKey, writes } = await this.planReceipt(guitar.userId, guitar.id, privateInfo, guitar);
    await this.guitars.replace(item, { privateInfo, receiptKey }, writes);
  }

  /** @param before the photos that the guitar has */
  async planPhotos(
    userId: string,
    id: string,
    wanted: readonly Arranged[],
    before: readonly GuitarImage[] = [],
  ): Promise<PlannedPhotos> {
    const attached = new Map(before.map((image) => [image.id, image]));
    const kept = new Set(wanted.map(({ imageId }) => imageId));
    const { writes, images } = await this.uses.change(userId, placeOf(id), 'image', {
      added: [...kept].filter((each) => !attached.has(each)),
      removed: [...attached.keys()].filter((each) => !kept.has(each)),
    });
    return { images: wanted.map((photo) => photoOf(photo, attached, images)), writes };
  }

  private async arrange({ item, guitar }: ReadGuitar, wanted: readonly Arranged[]): Promise<Guitar> {
    const { images, writes } = await this.planPhotos(guitar.userId, guitar.id, wanted, guitar.images);
    return this.guitars.replace(item, { images }, writes);
  }
}

function assertRoom(count: number): void {
  if (count > IMAGES_PER_GUITAR) throw new ApiError(GUITAR_IMAGE_LIMIT);
}
