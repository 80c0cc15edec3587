import type { PipeTransform } from '@nestjs/common';
import { ApiError, type ErrorDefinition } from '../../http/errors/api-error.js';
import { CONTEXT_TYPE } from './context-entry.js';

/** A type in a path. */
export const contextTypeOr = (error: ErrorDefinition): PipeTransform<string, string> => ({
  transform(value) {
    if (!CONTEXT_TYPE.test(value)) throw new ApiError(error);
    return value;
  },
});
