import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Storage, type StoredObject } from '../../platform/storage/storage.js';
import { objectsOf } from './image.js';
import { ImagesRepository } from './images.repository.js';
import { ownerOfObject } from './object-keys.js';

/** What is younger may be on its way: an upload is completed within five minutes, its objects are written before its record. */
const LEFT_ALONE_MS = 24 * 3_600_000;

/** What a run came to. */
export interface Swept {
  /** Uploads that nobody completed. */
  readonly uploads: number;
  /** Objects of no image: one that was removed, or that was never recorded. */
  readonly objects: number;
}

/** Removes objects that nothing names. */
@Injectable()
export class ImageSweeper {
  constructor(
    private readonly storage: Storage,
    private readonly images: ImagesRepository,
    private readonly clock: Clock,
  ) {}

  /** Safe to be run twice, or at once. */
  async run(): Promise<Swept> {
    const uploads = await this.sweep('uploads/', async (objects) => objects);
    let objects = 0;
    for (const folder of ['images/', 'receipts/'])
      objects += await this.sweep(folder, (old) => this.withoutRecord(old));
    return { uploads, objects };
  }

  private async sweep(
    folder: string,
    chosen: (old: readonly StoredObject[]) => Promise<readonly StoredObject[]>,
  ): Promise<number> {
    const before = this.clock.now().getTime() - LEFT_ALONE_MS;
    let removed = 0;
    for await (const objects of this.storage.list(folder)) {
      const left = await chosen(objects.filter(({ modifiedAt }) => modifiedAt.getTime() < before));
      if (left.length > 0) await this.storage.remove(left.map(({ key }) => key));
      removed += left.length;
    }
    return removed;
  }

  private async withoutRecord(objects: readonly StoredObject[]): Promise<StoredObject[]> {
    const owners = new Map(
      objects.flatMap(({ key }) => {
        const owner = ownerOfObject(key);
        return owner ? [[`${owner.userId}/${owner.id}`, owner] as const] : [];
      }),
    );
    const images = await this.images.findAny([...owners.values()]);
    const named = new Set(images.flatMap(objectsOf));
    return objects.filter(({ key }) => !named.has(key));
  }
}
