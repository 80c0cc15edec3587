import { defineError } from '../../http/errors/api-error.js';

export const WEBHOOK_REFUSED = defineError(
  'WEBHOOK_REFUSED',
  403,
  'The message is not signed by AWS, or not of the topic that this deployment listens to.',
);
