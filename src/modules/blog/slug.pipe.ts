import type { PipeTransform } from '@nestjs/common';
import { ApiError } from '../../http/errors/api-error.js';
import { POST_NOT_FOUND } from './blog.errors.js';
import { SLUG } from './post.js';

const LONGEST = 200;

/** What is no slug names nothing. */
export const slugPipe: PipeTransform<string, string> = {
  transform(value) {
    if (value.length > LONGEST || !SLUG.test(value)) throw new ApiError(POST_NOT_FOUND);
    return value;
  },
};
