import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { JsonLogger } from '../../platform/logger.js';
import { Storage, type StoredObject } from '../../platform/storage/storage.js';
import { DeploymentMarks } from './deployment-marks.js';
import { objectsOf } from './image.js';
import { ImagesRepository } from './images.repository.js';
import { ownerOfObject } from './object-keys.js';

/** What is younger may be on its way: an upload is completed within five minutes, its objects are written before its record. */
const LEFT_ALONE_MS = 24 * 3_600_000;
/** A run that would remove more than both of these stops until somebody has looked. */
const MOST_REMOVED = 20;
const MOST_REMOVED_SHARE = 0.1;
const REMOVED_AT_ONCE = 1000;

/** What a run came to. */
export interface Swept {
  /** Uploads that nobody completed. */
  readonly uploads: number;
  /** Objects of no image: one that was removed, or that was never recorded. */
  readonly objects: number;
  /** Why nothing was removed, where table and bucket may not belong together. */
  readonly withheld?: string;
}

const NOTHING: Swept = { uploads: 0, objects: 0 };

/** A run was not begun, since it might remove what somebody still needs. The message says what to do. */
class SweepRefused extends Error {
  override readonly name = 'SweepRefused';
}

interface Found {
  readonly total: number;
  /** How many of them have a record. */
  readonly named: number;
  /** Keys without a record, old enough to be removed. */
  readonly unnamed: readonly string[];
}

/** Removes objects that nothing names, in the bucket that belongs to the table. */
@Injectable()
export class ImageSweeper {
  constructor(
    private readonly storage: Storage,
    private readonly images: ImagesRepository,
    private readonly marks: DeploymentMarks,
    private readonly clock: Clock,
    private readonly logger: JsonLogger,
  ) {}

  /**
   * Safe to be run twice, or at once. Nothing is removed unless table and bucket carry the same mark; where neither has one,
   * both get it if at least half of the images in the bucket have a record in the table.
   * @param confirmed whether somebody has looked at what a run would remove
   * @throws {SweepRefused}
   */
  async run({ confirmed = false } = {}): Promise<Swept> {
    const marks = await this.marks.compare();
    if (marks === 'different')
      return this.nothing('the table and the bucket are not marked as parts of one deployment');
    const images = await this.find('images/');
    if (marks !== 'same') {
      // Whether the bucket is this table's shows in what most of its images are.
      if (images.total === 0) return NOTHING;
      if (2 * images.named < images.total)
        return this.nothing(
          `only ${images.named} of ${images.total} images in the bucket have a record in the table`,
        );
      await this.marks.write();
    }
    const receipts = await this.find('receipts/');
    const unnamed = [...images.unnamed, ...receipts.unnamed];
    const total = images.total + receipts.total;
    if (unnamed.length > MOST_REMOVED && unnamed.length > MOST_REMOVED_SHARE * total && !confirmed)
      throw new SweepRefused(
        `${unnamed.length} of ${total} objects have no record in the table and would be removed. Is it the right table? ` +
          'If it is: npm run sweep -- --confirm',
      );
    await this.remove(unnamed);
    return { uploads: await this.sweepUploads(), objects: unnamed.length };
  }

  /** Marks a new table as the one of its bucket, where nothing lies in that yet. */
  async markIfEmpty(): Promise<void> {
    for await (const objects of this.storage.list('')) if (objects.length > 0) return;
    if ((await this.marks.compare()) === 'none') await this.marks.write();
  }

  private nothing(reason: string): Swept {
    const withheld = `Nothing is swept: ${reason}`;
    this.logger.write('error', { message: withheld });
    return { ...NOTHING, withheld };
  }

  /** What lies in a folder, and what of it has a record. */
  private async find(folder: string): Promise<Found> {
    const before = this.clock.now().getTime() - LEFT_ALONE_MS;
    let [total, named]: [number, number] = [0, 0];
    const unnamed: string[] = [];
    for await (const objects of this.storage.list(folder)) {
      const without = new Set(await this.withoutRecord(objects));
      total += objects.length;
      named += objects.length - without.size;
      const old = objects.filter((each) => without.has(each) && each.modifiedAt.getTime() < before);
      unnamed.push(...old.map(({ key }) => key));
    }
    return { total, named, unnamed };
  }

  private async sweepUploads(): Promise<number> {
    const before = this.clock.now().getTime() - LEFT_ALONE_MS;
    let removed = 0;
    for await (const objects of this.storage.list('uploads/')) {
      const old = objects.filter(({ modifiedAt }) => modifiedAt.getTime() < before);
      await this.remove(old.map(({ key }) => key));
      removed += old.length;
    }
    return removed;
  }

  private async remove(keys: readonly string[]): Promise<void> {
    for (let first = 0; first < keys.length; first += REMOVED_AT_ONCE)
      await this.storage.remove(keys.slice(first, first + REMOVED_AT_ONCE));
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
