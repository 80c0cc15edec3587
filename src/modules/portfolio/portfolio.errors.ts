import { defineError } from '../../http/errors/api-error.js';

export const ALREADY_PUBLISHED = defineError('ALREADY_PUBLISHED', 409, 'It is published already.');
export const NOT_PUBLISHED = defineError('NOT_PUBLISHED', 409, 'It is not published.');
