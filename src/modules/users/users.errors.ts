import { answerWith, defineError } from '../../http/errors/api-error.js';
import { UsernameTaken } from '../../platform/identity/identity-errors.js';

export const USER_NOT_FOUND = defineError('USER_NOT_FOUND', 404, 'The user does not exist.');
export const USER_EXISTS = defineError('USER_EXISTS', 409, 'They are a user of this API already.');
export const USERNAME_TAKEN = defineError('USERNAME_TAKEN', 409, 'Somebody else has this username.');
export const LAST_OWNER = defineError(
  'LAST_OWNER',
  409,
  'The last active owner can neither be demoted nor disabled nor leave.',
);
export const PREFERENCES_LIMIT = defineError(
  'PREFERENCES_LIMIT',
  409,
  'All preferences together must fit in 16 KB.',
);

answerWith(UsernameTaken, USERNAME_TAKEN, () => ({
  details: [{ field: 'username', code: 'unique', message: 'username is taken' }],
}));
