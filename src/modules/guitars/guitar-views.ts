import { Injectable } from '@nestjs/common';
import { ImageObjects } from '../images/image-objects.js';
import type { GuitarImageResponse, GuitarResponse } from './dto/guitar-response.dto.js';
import type { Guitar, GuitarImage } from './guitar.js';
import { amountsOf } from './money.js';

/** Guitars as they are answered: with addresses where objects lie, and prices as people write them. */
@Injectable()
export class GuitarViews {
  constructor(private readonly objects: ImageObjects) {}

  async of({ receiptKey, ...guitar }: Guitar): Promise<GuitarResponse> {
    const receipt = await this.ofReceipt(guitar.privateInfo.receiptImageId, receiptKey);
    const receiptUrl = guitar.privateInfo.receiptUrl ?? receipt?.url;
    return {
      ...guitar,
      guitarId: guitar.id,
      privateInfo: {
        ...guitar.privateInfo,
        ...amountsOf(guitar.privateInfo),
        ...(receiptUrl !== undefined && { receiptUrl }),
      },
      receipt,
      images: await this.ofImages(guitar),
      notes: guitar.notes.map((note) => ({ ...note })),
    };
  }

  ofImages({ images }: Pick<Guitar, 'images'>): Promise<GuitarImageResponse[]> {
    return Promise.all(images.map((image, order) => this.ofImage(image, order)));
  }

  private async ofReceipt(
    imageId: string | undefined,
    key: string | null,
  ): Promise<GuitarResponse['receipt']> {
    if (imageId === undefined || key === null) return null;
    const { imageUrl } = await this.objects.urlsOf({ key, thumbnailKey: null }, 'receipt');
    return { imageId, url: imageUrl };
  }

  private async ofImage(image: GuitarImage, order: number): Promise<GuitarImageResponse> {
    const { id, caption, isPrimary } = image;
    const { imageUrl, thumbnailUrl } = await this.objects.urlsOf(image, 'image');
    return { id, imageId: id, url: imageUrl, thumbnailUrl, caption, isPrimary, order };
  }
}
