import type { PipeTransform } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import { CONTENT_NOT_FOUND } from './analytics.errors.js';
import { CONTENT_TYPES, type ContentType } from './counting/counter.js';

/** Another type than these has no content. */
export const contentTypePipe: PipeTransform<string, ContentType> = {
  transform(value) {
    const type = CONTENT_TYPES.find((each) => each === value);
    if (!type) throw new ApiError(CONTENT_NOT_FOUND);
    return type;
  },
};
