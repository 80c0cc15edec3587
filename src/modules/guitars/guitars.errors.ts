import { defineError } from '../../http/errors/api-error.js';

/** One sentence for both, so that nobody learns what others have (seed 001). */
export const GUITAR_NOT_FOUND = defineError(
  'GUITAR_NOT_FOUND',
  404,
  'The guitar does not exist, or is not yours.',
);
export const GUITAR_VALIDATION_ERROR = defineError(
  'GUITAR_VALIDATION_ERROR',
  400,
  'The guitar has invalid fields.',
);
export const GUITAR_LIMIT = defineError('GUITAR_LIMIT', 409, 'A collection holds at most 5,000 guitars.');
export const GUITAR_IMAGE_LIMIT = defineError('GUITAR_IMAGE_LIMIT', 409, 'A guitar has at most 10 photos.');
export const NOTE_NOT_FOUND = defineError('NOTE_NOT_FOUND', 404, 'The guitar has no such note.');
export const NOTE_LIMIT = defineError(
  'NOTE_LIMIT',
  409,
  'The notes of a guitar hold at most 100 KB together.',
);
export const IMPORT_UNREADABLE = defineError(
  'IMPORT_UNREADABLE',
  400,
  'The file cannot be read as a list of at most 1,000 guitars. The details say why.',
);
