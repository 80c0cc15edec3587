import { defineError } from '../../http/errors/api-error.js';

export const MEMORY_NOT_FOUND = defineError('MEMORY_NOT_FOUND', 404, 'The memory does not exist.');
export const MEMORY_LIMIT = defineError('MEMORY_LIMIT', 409, 'A user has at most 500 memories.');
