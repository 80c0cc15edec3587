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
