import { defineError } from '../../http/errors/api-error.js';

export const INVITE_NOT_FOUND = defineError('INVITE_NOT_FOUND', 404, 'The invitation does not exist.');
export const INVITE_EXISTS = defineError(
  'INVITE_EXISTS',
  409,
  'There is a pending invitation for this address. Resend or revoke it.',
);
export const INVITE_USER_EXISTS = defineError(
  'INVITE_USER_EXISTS',
  409,
  'There is a user with this address already.',
);
export const INVITE_NOT_PENDING = defineError(
  'INVITE_NOT_PENDING',
  409,
  'The invitation was used, was revoked or has expired.',
);
