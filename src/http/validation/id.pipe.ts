import type { PipeTransform } from '@nestjs/common';
import { ApiError, type ErrorDefinition } from '../errors/api-error.js';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A path parameter that is no id names nothing: the entity's own 404. */
export const idOf = (notFound: ErrorDefinition): PipeTransform<string, string> => ({
  transform(value) {
    if (!UUID.test(value)) throw new ApiError(notFound);
    return value;
  },
});
