import { defineError } from '../../http/errors/api-error.js';

export const ERASURE_NOT_FOUND = defineError('ERASURE_NOT_FOUND', 404, 'There is no such receipt.');
