import { ApiError, type ErrorDetail } from '../../../http/errors/api-error.js';
import type { Image } from '../../images/image.js';
import type { GuitarPhotoDto } from '../dto/guitar.dto.js';
import type { GuitarImage } from '../guitar.js';
import { GUITAR_VALIDATION_ERROR } from '../guitars.errors.js';

/** A photo in its place; of all of a guitar exactly one is the primary. */
export interface Arranged {
  readonly imageId: string;
  /** `undefined` leaves the caption that it has. */
  readonly caption: string | null | undefined;
  readonly isPrimary: boolean;
}

/** @throws {ApiError} GUITAR_VALIDATION_ERROR when one photo is named twice, or two are the primary */
export function arranged(photos: readonly GuitarPhotoDto[]): Arranged[] {
  const faults: ErrorDetail[] = [];
  const named = photos.map(({ imageId, id, ...photo }) => ({ ...photo, imageId: imageId ?? id ?? '' }));
  const primary = named.filter(({ isPrimary }) => isPrimary);
  if (primary.length > 1)
    faults.push({ field: 'isPrimary', code: 'onePrimary', message: 'At most one photo is the primary' });
  if (new Set(named.map(({ imageId }) => imageId)).size < photos.length)
    faults.push({ field: 'imageId', code: 'unique', message: 'Each image may be named once' });
  if (faults.length > 0) throw new ApiError(GUITAR_VALIDATION_ERROR, { details: faults });
  const inOrder = named
    .map((photo, position) => ({ ...photo, order: photo.order ?? position }))
    .toSorted((one, other) => one.order - other.order);
  const first = (primary[0] ?? inOrder[0])?.imageId;
  return inOrder.map(({ imageId, caption }) => ({ imageId, caption, isPrimary: imageId === first }));
}

/** The photo as the guitar keeps it. @param standing what it has already @param added the images that are new to it */
export function photoOf(
  { imageId, caption, isPrimary }: Arranged,
  standing: ReadonlyMap<string, GuitarImage>,
  added: ReadonlyMap<string, Image>,
): GuitarImage {
  const known = standing.get(imageId) ?? added.get(imageId);
  const { key = '', thumbnailKey = null } = known ?? {};
  return {
    id: imageId,
    key,
    thumbnailKey,
    caption: caption === undefined ? (known?.caption ?? null) : caption,
    isPrimary,
  };
}
