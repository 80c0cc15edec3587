import { defineError } from '../../../http/errors/api-error.js';

export const RULE_NOT_FOUND = defineError(
  'RULE_NOT_FOUND',
  404,
  'The recurrence rule does not exist, or is not yours.',
);
export const RRULE_INVALID = defineError(
  'RRULE_INVALID',
  400,
  'The rule is not one that this API can follow.',
);
export const RULE_LIMIT = defineError('RULE_LIMIT', 409, 'A person has at most 200 recurrence rules.');
export const EXCEPTION_LIMIT = defineError(
  'EXCEPTION_LIMIT',
  409,
  'A rule has at most 100 exceptions that are still to come.',
);
