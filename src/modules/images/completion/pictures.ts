import { Injectable } from '@nestjs/common';
import type { FileType } from '../image.js';

export const THUMBNAIL_PIXELS = 400;
/** 64 million: more than telephones make, and 200 MB of memory. */
const MOST_PIXELS = 64_000_000;
/** What takes longer would not be answered in time. */
const SECONDS = 6;

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

/** The picture has more pixels than are worked on, or takes longer. */
export class TooManyPixels extends Error {
  override readonly name = 'TooManyPixels';
}

type Format = 'jpeg' | 'png' | 'webp';

/** Pictures by sharp (libvips), which is loaded with the first one: it takes 50 ms and 18 MB. */
@Injectable()
export class Pictures {
  private loading: ReturnType<typeof load> | undefined;

  /**
   * Decodes, turns by the EXIF orientation, strips, encodes again in the same format, and makes the thumbnail: 400 by 400
   * pixels cut from the middle, as WebP.
   * @throws {Undecodable} @throws {TooManyPixels}
   */
  async develop(bytes: Buffer, type: Exclude<FileType, 'application/pdf'>): Promise<Developed> {
    const sharp = await (this.loading ??= load());
    const format = type.slice('image/'.length) as Format;
    const open = () =>
      sharp(bytes, { failOn: 'warning', limitInputPixels: MOST_PIXELS }).timeout({ seconds: SECONDS });
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
      throw /pixel limit|timeout/.test((error as Error).message) ? new TooManyPixels() : new Undecodable();
    }
  }
}

const OPTIONS = {
  jpeg: { quality: 90 },
  png: {},
  webp: { quality: 90 },
} as const;

async function load() {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  return sharp;
}
