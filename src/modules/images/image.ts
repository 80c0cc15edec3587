/** What may be uploaded, by its purpose, and how its name ends. */
export const FILE_TYPES = {
  'image/jpeg': { extension: 'jpg', purposes: ['image', 'receipt'] },
  'image/png': { extension: 'png', purposes: ['image', 'receipt'] },
  'image/webp': { extension: 'webp', purposes: ['image', 'receipt'] },
  'application/pdf': { extension: 'pdf', purposes: ['receipt'] },
} as const;
export type FileType = keyof typeof FILE_TYPES;

/** A photo, which may be shown to everybody, or a receipt, which is for its owner alone. */
export const PURPOSES = ['image', 'receipt'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Seed 001: 10 MB. */
export const MOST_BYTES = 10 * 1024 * 1024;

/** What may have images, by kind: a guitar, say. */
export interface Place {
  readonly kind: string;
  readonly id: string;
}

/** An address was signed for it; it is an image once its upload is completed. */
export interface Upload {
  readonly id: string;
  readonly userId: string;
  readonly key: string;
  readonly fileName: string;
  readonly contentType: FileType;
  readonly purpose: Purpose;
  /** The image that came of it: itself, or one with the same content that was there before. */
  readonly imageId: string | null;
  /** The error that it was refused with. */
  readonly refusedAs: string | null;
}

/** Where an image's objects lie, and what they are. */
export interface Picture {
  readonly key: string;
  /** A PDF has none. */
  readonly thumbnailKey: string | null;
  readonly contentType: FileType;
  /** Pixels, as it is seen. A PDF has none. */
  readonly width: number | null;
  readonly height: number | null;
  /** Bytes of the object at `key`. */
  readonly size: number;
  /** SHA-256 of what was uploaded, in hex. */
  readonly hash: string;
}

export interface Image extends Picture {
  readonly id: string;
  readonly userId: string;
  readonly purpose: Purpose;
  readonly fileName: string;
  readonly caption: string | null;
  readonly altText: string | null;
  readonly usedBy: readonly Place[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

/** The objects that go with an image. */
export const objectsOf = ({ key, thumbnailKey }: Pick<Picture, 'key' | 'thumbnailKey'>): string[] =>
  thumbnailKey === null ? [key] : [key, thumbnailKey];
