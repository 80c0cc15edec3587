import { defineError } from '../../http/errors/api-error.js';

export const USER_NOT_FOUND = defineError('USER_NOT_FOUND', 404, 'The user does not exist.');
export const USERNAME_TAKEN = defineError('USERNAME_TAKEN', 409, 'Somebody else has this username.');
export const PREFERENCES_LIMIT = defineError(
  'PREFERENCES_LIMIT',
  409,
  'All preferences together must fit in 16 KB.',
);
