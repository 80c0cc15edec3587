import { Injectable } from '@nestjs/common';
import { VERSION } from '../../../http/envelope/etag.js';
import type { GuitarPhotoDto } from '../dto/guitar.dto.js';
import type { GuitarImageResponse } from '../dto/guitar-response.dto.js';
import { GuitarViews } from '../guitar-views.js';
import { arranged } from './arrangement.js';
import { GuitarPhotos } from './guitar-photos.js';

@Injectable()
export class GuitarPhotosService {
  constructor(
    private readonly photos: GuitarPhotos,
    private readonly views: GuitarViews,
  ) {}

  /** Under the version of the guitar, for If-Match. */
  async set(
    userId: string,
    id: string,
    photos: readonly GuitarPhotoDto[],
    versions: readonly number[] | undefined,
  ): Promise<GuitarImageResponse[]> {
    const guitar = await this.photos.set(userId, id, arranged(photos), versions);
    return Object.assign(await this.views.ofImages(guitar), { [VERSION]: guitar.version });
  }
}
