import { defineError } from '../../http/errors/api-error.js';

export const POST_NOT_FOUND = defineError('POST_NOT_FOUND', 404, 'There is no such post.');
export const SLUG_TAKEN = defineError('SLUG_TAKEN', 409, 'Another post has or had this slug.');
export const SLUG_LIMIT = defineError(
  'SLUG_LIMIT',
  409,
  'This post has had as many slugs as a post can have.',
);
