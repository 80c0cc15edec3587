import { defineError } from '../../http/errors/api-error.js';

export const AUTH_INVALID_CREDENTIALS = defineError(
  'AUTH_INVALID_CREDENTIALS',
  401,
  'The address, the username or the password is wrong.',
);
export const AUTH_USER_EXISTS = defineError(
  'AUTH_USER_EXISTS',
  409,
  'There is an account with this address.',
);
export const AUTH_PASSWORD_POLICY = defineError('AUTH_PASSWORD_POLICY', 400, 'The password is too weak.');
export const AUTH_REGISTRATION_CLOSED = defineError(
  'AUTH_REGISTRATION_CLOSED',
  403,
  'This deployment takes no new accounts.',
);
export const AUTH_REFRESH_INVALID = defineError(
  'AUTH_REFRESH_INVALID',
  401,
  'The refresh token is not valid.',
);
export const AUTH_REFRESH_REUSED = defineError(
  'AUTH_REFRESH_REUSED',
  401,
  'The refresh token was used before. Its session has been ended.',
);
export const AUTH_CODE_INVALID = defineError('AUTH_CODE_INVALID', 400, 'The code is wrong or has expired.');
