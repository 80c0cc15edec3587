import { Injectable } from '@nestjs/common';
import type { Image, Purpose } from './image.js';

/** A kind of thing that can have images; its module registers it, since images know of nothing that has them. */
export interface ImagePlace {
  readonly kind: string;
  /** Before anything is worked on for it. @throws {ApiError} when it is not there, not the user's, or has no room */
  assertTakes(userId: string, id: string, purpose: Purpose): Promise<void>;
  /** Adds an image; to say so again changes nothing. @throws {ApiError} as `assertTakes` */
  attach(userId: string, id: string, image: Image): Promise<void>;
}

@Injectable()
export class ImagePlaces {
  private readonly places = new Map<string, ImagePlace>();

  register(place: ImagePlace): void {
    this.places.set(place.kind, place);
  }

  /** @throws {Error} when nobody registered it: a fault in the code */
  of(kind: string): ImagePlace {
    const place = this.places.get(kind);
    if (!place) throw new Error(`Nothing of the kind ${kind} can have images`);
    return place;
  }
}
