import type { Change, Item, Key, NewItem, Range } from '../../platform/dynamodb/item.js';
import type { FileType, Image, Picture, Place, Purpose, Upload } from './image.js';

/** Uploads that nobody completes are forgotten; their objects are swept after a day. */
const UPLOAD_KEPT_SECONDS = 2 * 86_400;

export const imageKey = (userId: string, id: string): Key => ({ PK: `USER#${userId}`, SK: `IMAGE#${id}` });
export const uploadKey = (userId: string, id: string): Key => ({ PK: `USER#${userId}`, SK: `UPLOAD#${id}` });
/** One image of a user for one content; photos and receipts apart, since only the former may be seen by others. */
export const contentKey = (userId: string, purpose: Purpose, hash: string): Key => ({
  PK: `USER#${userId}`,
  SK: `IMAGEHASH#${purpose}#${hash}`,
});

export const imagesOf = (userId: string): Range => ({ partition: `USER#${userId}`, prefix: 'IMAGE#' });
export const uploadsOf = (userId: string): Range => ({ partition: `USER#${userId}`, prefix: 'UPLOAD#' });
export const contentsOf = (userId: string): Range => ({ partition: `USER#${userId}`, prefix: 'IMAGEHASH#' });

type NewUpload = Omit<Upload, 'imageId' | 'refusedAs'>;

export const newUploadItem = (
  { id, userId, key, fileName, contentType, purpose }: NewUpload,
  now: number,
): NewItem => ({
  ...uploadKey(userId, id),
  EntityType: 'UPLOAD',
  ExpiresAt: now + UPLOAD_KEPT_SECONDS,
  key,
  fileName,
  contentType,
  purpose,
});

export const uploadFrom = (item: Item): Upload => ({
  id: item.SK.slice('UPLOAD#'.length),
  userId: item.PK.slice('USER#'.length),
  key: item['key'] as string,
  fileName: item['fileName'] as string,
  contentType: item['contentType'] as FileType,
  purpose: item['purpose'] as Purpose,
  imageId: (item['imageId'] as string | undefined) ?? null,
  refusedAs: (item['refusedAs'] as string | undefined) ?? null,
});

export const newImageItem = (
  { id, userId, purpose, fileName }: Upload,
  { key, thumbnailKey, contentType, width, height, size, hash }: Picture,
  caption: string | undefined,
): NewItem => ({
  ...imageKey(userId, id),
  EntityType: 'IMAGE',
  purpose,
  fileName,
  key,
  contentType,
  size,
  hash,
  usedBy: {},
  ...(thumbnailKey !== null && { thumbnailKey, width, height }),
  ...(caption !== undefined && { caption }),
});

export const newContentItem = (upload: Upload, hash: string): NewItem => ({
  ...contentKey(upload.userId, upload.purpose, hash),
  EntityType: 'IMAGEHASH',
  imageId: upload.id,
});

export const imageFrom = (item: Item): Image => ({
  id: item.SK.slice('IMAGE#'.length),
  userId: item.PK.slice('USER#'.length),
  purpose: item['purpose'] as Purpose,
  fileName: item['fileName'] as string,
  key: item['key'] as string,
  thumbnailKey: (item['thumbnailKey'] as string | undefined) ?? null,
  contentType: item['contentType'] as FileType,
  width: (item['width'] as number | undefined) ?? null,
  height: (item['height'] as number | undefined) ?? null,
  size: item['size'] as number,
  hash: item['hash'] as string,
  caption: (item['caption'] as string | undefined) ?? null,
  altText: (item['altText'] as string | undefined) ?? null,
  usedBy: placesIn(item),
  createdAt: item.CreatedAt,
  updatedAt: item.UpdatedAt,
  version: item.Version,
});

/** Kept as a map of ids to kinds; shown in one order. */
const placesIn = (item: Item): Place[] =>
  Object.entries(item['usedBy'] as Record<string, string>)
    .map(([id, kind]) => ({ kind, id }))
    .sort((one, other) => (one.id < other.id ? -1 : 1));

export const usedBy = (places: readonly Place[]): Change => ({
  usedBy: Object.fromEntries(places.map(({ id, kind }) => [id, kind])),
});
