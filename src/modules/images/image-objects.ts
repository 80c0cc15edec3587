import { Injectable } from '@nestjs/common';
import { JsonLogger } from '../../platform/logger.js';
import { Storage } from '../../platform/storage/storage.js';
import type { Picture, Purpose } from './image.js';

type Shown = Pick<Picture, 'key' | 'thumbnailKey'>;

/** The objects of images: where they are read, and their removal. */
@Injectable()
export class ImageObjects {
  constructor(
    private readonly storage: Storage,
    private readonly logger: JsonLogger,
  ) {}

  /** Photos where everybody may read them; receipts at an address that is signed for some minutes. */
  async urlsOf(
    { key, thumbnailKey }: Shown,
    purpose: Purpose,
  ): Promise<{ imageUrl: string; thumbnailUrl: string | null }> {
    const urlOf = (each: string) =>
      purpose === 'receipt' ? this.storage.presignGet(each) : this.storage.urlOf(each);
    return { imageUrl: await urlOf(key), thumbnailUrl: thumbnailKey && (await urlOf(thumbnailKey)) };
  }

  /** Nothing names them any more. What cannot be removed now is the sweeper's. */
  async discard(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    try {
      await this.storage.remove(keys);
    } catch (error) {
      const { name, message } = error as Error;
      this.logger.write('warn', { message: `Objects are left for the sweeper: ${message}`, cause: name });
    }
  }
}
