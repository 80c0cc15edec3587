import { defineError } from '../../http/errors/api-error.js';

export const PROJECT_NOT_FOUND = defineError('PROJECT_NOT_FOUND', 404, 'There is no such project.');
