import { Injectable } from '@nestjs/common';
import { ImageObjects } from '../images/image-objects.js';
import type { GuitarImageResponse, GuitarResponse, PrivateInfoResponse } from './dto/guitar-response.dto.js';
import { type Guitar, type GuitarImage, PRIVATE_FIELDS } from './guitar.js';
import { amountsOf } from './money.js';

/** Guitars as they are answered: with addresses where objects lie, and prices as people write them. */
@Injectable()
export class GuitarViews {
  constructor(private readonly objects: ImageObjects) {}

  async of({ receiptKey, ...guitar }: Guitar): Promise<GuitarResponse> {
    return {
      ...guitar,
      privateInfo: await this.ofPrivateInfo(guitar.privateInfo, receiptKey),
      images: await this.ofImages(guitar),
      notes: guitar.notes.map((note) => ({ ...note })),
    };
  }

  ofImages({ images }: Pick<Guitar, 'images'>): Promise<GuitarImageResponse[]> {
    return Promise.all(images.map((image, order) => this.ofImage(image, order)));
  }

  private async ofPrivateInfo(
    info: Guitar['privateInfo'],
    receiptKey: string | null,
  ): Promise<PrivateInfoResponse> {
    const receiptUrl = receiptKey === null ? undefined : await this.receiptUrl(receiptKey);
    const shown: Record<string, unknown> = { ...info, ...amountsOf(info), ...(receiptUrl && { receiptUrl }) };
    return Object.fromEntries(
      PRIVATE_FIELDS.flatMap((name) => (shown[name] === undefined ? [] : [[name, shown[name]]])),
    );
  }

  private async receiptUrl(key: string): Promise<string> {
    return (await this.objects.urlsOf({ key, thumbnailKey: null }, 'receipt')).imageUrl;
  }

  private async ofImage(image: GuitarImage, order: number): Promise<GuitarImageResponse> {
    const { id, caption, isPrimary } = image;
    const { imageUrl, thumbnailUrl } = await this.objects.urlsOf(image, 'image');
    return { id, url: imageUrl, thumbnailUrl, caption, isPrimary, order };
  }
}
