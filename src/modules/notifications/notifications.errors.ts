import { defineError } from '../../http/errors/api-error.js';

export const NOTIFICATION_NOT_FOUND = defineError(
  'NOTIFICATION_NOT_FOUND',
  404,
  'The notification does not exist, or is not yours.',
);
export const UNSUBSCRIBE_INVALID = defineError(
  'UNSUBSCRIBE_INVALID',
  400,
  'The link is not one of ours, or too old. Change what you get in the preferences.',
);
export const PUSH_UNAVAILABLE = defineError(
  'PUSH_UNAVAILABLE',
  409,
  'This deployment has no keys for Web Push.',
);
export const DEVICE_NOT_FOUND = defineError(
  'DEVICE_NOT_FOUND',
  404,
  'No device of yours is registered under this endpoint.',
);
export const DEVICE_LIMIT = defineError('DEVICE_LIMIT', 409, 'A person has at most 20 devices.');
