import { FILE_TYPES, type FileType, type Purpose } from './image.js';

const LONGEST_NAME = 80;
const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const UPLOAD = new RegExp(`^uploads/([^/]+)/(${ID})-[A-Za-z0-9._-]+$`);
const STORED = new RegExp(`^(?:images|receipts)/([^/]+)/(${ID})-[0-9a-f]{16}(?:-400)?\\.[a-z]+$`);
/** How much of the hash stands in a name: enough for no two contents of one image. */
const HASH_DIGITS = 16;

/** Seed 001: `uploads/{userId}/{uuid}-{fileName}`. */
export const uploadKeyOf = (userId: string, id: string, fileName: string, type: FileType): string =>
  `uploads/${userId}/${id}-${safeName(fileName, type)}`;

/**
 * A file's name as it may stand in a key: what follows the last slash, in ASCII letters, digits, dots, dashes and
 * underscores, with the ending of its type. Direction marks, accents and the like fall away.
 */
export function safeName(fileName: string, type: FileType): string {
  const base = fileName.split(/[/\\]/).at(-1) ?? '';
  const stem = base
    .replace(/\.[^.]*$/, '')
    .normalize('NFKD')
    .replaceAll(/\p{M}|\p{C}/gu, '')
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .slice(0, LONGEST_NAME)
    .replaceAll(/^-+|-+$/g, '');
  return `${stem || 'file'}.${FILE_TYPES[type].extension}`;
}

/** Where objects lie for good. What is in them follows from the name, so that they never change under it. */
export function storedKeys(
  purpose: Purpose,
  userId: string,
  id: string,
  hash: string,
  type: FileType,
): { key: string; thumbnailKey: string } {
  const folder = purpose === 'image' ? 'images' : 'receipts';
  const name = `${folder}/${userId}/${id}-${hash.slice(0, HASH_DIGITS)}`;
  return { key: `${name}.${FILE_TYPES[type].extension}`, thumbnailKey: `${name}-400.webp` };
}

const ownerIn = (key: string, pattern: RegExp) => {
  const [, userId, id] = pattern.exec(key) ?? [];
  return userId !== undefined && id !== undefined ? { userId, id } : undefined;
};

/** Whose an upload is, and which; undefined for a key that was not made here. */
export const ownerOfUpload = (key: string) => ownerIn(key, UPLOAD);

/** Whose image an object belongs to, and which; undefined for a key that was not made here. */
export const ownerOfObject = (key: string) => ownerIn(key, STORED);

/** Where everything of a user lies. */
export const foldersOf = (userId: string): string[] => [
  `uploads/${userId}/`,
  `images/${userId}/`,
  `receipts/${userId}/`,
];
