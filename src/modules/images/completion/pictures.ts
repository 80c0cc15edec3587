import { Injectable } from '@nestjs/common';
import { ServiceUnavailable } from '../../../platform/faults.js';
import { requestContext } from '../../../platform/request-context.js';
import type { FileType } from '../image.js';

export const THUMBNAIL_PIXELS = 400;
/** 52 million: telephones make 50. At most 0.7 GB of memory while it is worked on. */
const MOST_PIXELS = 52_000_000;
/** Left of a request's time to store what comes of it, and to answer. */
const STORE_MS = 1500;
/** Where there is time without end, as outside a request. */
const MOST_SECONDS = 20;

/** A picture as it is kept: upright, in sRGB, without EXIF, GPS or any other metadata. */
export interface Developed {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
  readonly thumbnail: Buffer;
}

/** The bytes are no whole picture. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable';
}

/** The picture has more pixels than are worked on. */
export class TooManyPixels extends Error {
  override readonly name = 'TooManyPixels';
}

type Format = 'jpeg' | 'png' | 'webp';

/** How pictures are written. */
export const OPTIONS = {
  jpeg: { quality: 90 },
  png: {},
  // The default takes twice as long for a hundredth less.
  webp: { quality: 90, effort: 2 },
} as const;

/** Pictures by sharp (libvips), which is loaded with the first one: it takes 50 ms and 18 MB. */
@Injectable()
export class Pictures {
  private loading: ReturnType<typeof load> | undefined;
  private last: Promise<unknown> = Promise.resolve();

  /**
   * Decodes, turns by the EXIF orientation, strips, encodes again in the same format, and makes the thumbnail: 400 by 400
   * pixels cut from the middle, as WebP. One picture at a time, since one fills the processors and much of the memory.
   * @throws {Undecodable} @throws {TooManyPixels} @throws {ServiceUnavailable} when there is not time enough for it
   */
  develop(bytes: Buffer, type: Exclude<FileType, 'application/pdf'>): Promise<Developed> {
    const turn = this.last.then(() => this.developNow(bytes, type.slice('image/'.length) as Format));
    this.last = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  private async developNow(bytes: Buffer, format: Format): Promise<Developed> {
    const sharp = await (this.loading ??= load());
    const open = () =>
      sharp(bytes, { failOn: 'warning', limitInputPixels: MOST_PIXELS }).timeout({ seconds: secondsLeft() });
    try {
      const { format: actual } = await open().metadata();
      if (actual !== format) throw new Undecodable();
      const whole = await open()
        .autoOrient()
        .toFormat(format, OPTIONS[format])
        .toBuffer({ resolveWithObject: true });
      // From the bytes again: JPEG and WebP are decoded at a fraction of their size, at a fraction of the time.
      const thumbnail = await open()
        .autoOrient()
        .resize(THUMBNAIL_PIXELS, THUMBNAIL_PIXELS, { fit: 'cover' })
        .webp({ quality: 80 })
        .toBuffer();
      return { bytes: whole.data, width: whole.info.width, height: whole.info.height, thumbnail };
    } catch (error) {
      if (error instanceof ServiceUnavailable) throw error;
      const { message } = error as Error;
      if (message.includes('timeout')) throw new ServiceUnavailable(error);
      throw message.includes('pixel limit') ? new TooManyPixels() : new Undecodable();
    }
  }
}

/** Whole seconds, as sharp counts them. @throws {ServiceUnavailable} when there is none */
function secondsLeft(): number {
  const seconds = Math.floor((requestContext.remainingMs() - STORE_MS) / 1000);
  if (seconds < 1) throw new ServiceUnavailable(new Error('Out of time for a picture'));
  return Math.min(seconds, MOST_SECONDS);
}

async function load() {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  return sharp;
}
