import { defineError } from '../../http/errors/api-error.js';

export const CERTIFICATION_NOT_FOUND = defineError(
  'CERTIFICATION_NOT_FOUND',
  404,
  'There is no such certification.',
);
