import type { PipeTransform } from '@nestjs/common';
import { ApiError, type ErrorDefinition } from '../errors/api-error.js';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * A path parameter in capitals is the same id (RFC 9562, 4); one that is no id names nothing: the entity's own 404.
 */
export const idOf = (notFound: ErrorDefinition): PipeTransform<string, string> => ({
  transform(value) {
    const id = value.toLowerCase();
    if (!UUID.test(id)) throw new ApiError(notFound);
    return id;
  },
});
