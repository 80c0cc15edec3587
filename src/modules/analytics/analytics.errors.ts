import { defineError } from '../../http/errors/api-error.js';

export const CONTENT_NOT_FOUND = defineError('CONTENT_NOT_FOUND', 404, 'There is no such published content.');
export const PICTURE_NOT_FOUND = defineError(
  'PICTURE_NOT_FOUND',
  404,
  'There is no such picture, or its owner does not show it.',
);
