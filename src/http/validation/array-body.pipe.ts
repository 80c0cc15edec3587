import type { PipeTransform, Type } from '@nestjs/common';
import { ApiError, type ErrorDetail } from '../errors/api-error.js';
import { VALIDATION_ERROR } from '../errors/common.errors.js';
import { check } from './check.js';
import { validationCodeOf } from './validation.decorators.js';

/** A body that is an array of DTOs, of at most so many. */
export const arrayOf = <T extends object>(
  dtoClass: Type<T>,
  most: number,
): PipeTransform<unknown, Promise<T[]>> => ({
  async transform(value) {
    const definition = validationCodeOf(dtoClass) ?? VALIDATION_ERROR;
    const refuse = (details: readonly ErrorDetail[]) => new ApiError(definition, { details });
    if (!Array.isArray(value))
      throw refuse([{ field: '', code: 'isArray', message: 'The body must be a JSON array' }]);
    if (value.length > most)
      throw refuse([{ field: '', code: 'arrayMaxSize', message: `The body must hold at most ${most}` }]);
    const entries = await Promise.all(value.map((entry) => checkEntry(dtoClass, entry)));
    const details = entries.flatMap(({ details: found }, position) =>
      found.map((detail) => ({
        ...detail,
        field: detail.field === '' ? `[${position}]` : `[${position}].${detail.field}`,
      })),
    );
    if (details.length > 0) throw refuse(details);
    return entries.flatMap(({ dto }) => (dto === undefined ? [] : [dto]));
  },
});

async function checkEntry<T extends object>(
  dtoClass: Type<T>,
  entry: unknown,
): Promise<{ dto?: T; details: readonly ErrorDetail[] }> {
  const plain = typeof entry === 'object' && entry !== null && !Array.isArray(entry);
  if (plain) return check(dtoClass, entry);
  return { details: [{ field: '', code: 'isObject', message: 'must be a JSON object' }] };
}
