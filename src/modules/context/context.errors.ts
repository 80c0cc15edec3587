import { defineError } from '../../http/errors/api-error.js';

export const CONTEXT_NOT_FOUND = defineError(
  'CONTEXT_NOT_FOUND',
  404,
  'The user has no context of this type, or no longer.',
);
export const CONTEXT_TYPE_INVALID = defineError(
  'CONTEXT_TYPE_INVALID',
  400,
  'A type of context has 1 to 64 letters, digits, dots, dashes, underscores and colons.',
);
export const CONTEXT_LIMIT = defineError('CONTEXT_LIMIT', 409, 'A user has at most 50 types of context.');
export const CONTEXT_RESERVED = defineError(
  'CONTEXT_RESERVED',
  409,
  'Preferences are changed at /v1/user/preferences.',
);
export const CONTEXT_TOO_LARGE = defineError(
  'CONTEXT_TOO_LARGE',
  413,
  'The data of one type of context must fit in 64 KB as JSON.',
);
