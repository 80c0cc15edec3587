import { defineError } from '../../http/errors/api-error.js';

export const QUEST_NOT_FOUND = defineError(
  'QUEST_NOT_FOUND',
  404,
  'The quest does not exist, or is not yours.',
);
export const GOAL_NOT_FOUND = defineError('GOAL_NOT_FOUND', 404, 'The goal does not exist, or is not yours.');
export const QUEST_VALIDATION_ERROR = defineError(
  'QUEST_VALIDATION_ERROR',
  400,
  'The quest has invalid fields.',
);
export const GOAL_TASK_LIMIT = defineError('GOAL_TASK_LIMIT', 409, 'A goal holds at most 1,000 tasks.');
export const QUEST_ALREADY_COMPLETED = defineError(
  'QUEST_ALREADY_COMPLETED',
  409,
  'The quest was completed before, at another time.',
);
export const MILESTONE_NOT_FOUND = defineError(
  'MILESTONE_NOT_FOUND',
  404,
  'The milestone does not exist, or is not yours.',
);
export const MILESTONE_LIMIT = defineError('MILESTONE_LIMIT', 409, 'A goal has at most 100 milestones.');
export const BATCH_FAILED = defineError(
  'BATCH_FAILED',
  422,
  'An operation cannot be done, so none was. The details say which, and why.',
);
export const CALENDAR_NOT_FOUND = defineError(
  'CALENDAR_NOT_FOUND',
  404,
  'There is no calendar under this token; it may have been revoked.',
);
