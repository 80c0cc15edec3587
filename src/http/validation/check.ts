import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import type { ErrorDetail } from '../errors/api-error.js';
import { normalise } from './text.js';
import { hasOpenFields, isAsSent, verbatimFieldsOf } from './validation.decorators.js';

/** An instance of a DTO and every fault that it has; unknown fields are faults. */
export async function check<T extends object>(
  dtoClass: Type<T>,
  value: object,
): Promise<{ readonly dto: T; readonly details: readonly ErrorDetail[] }> {
  const { value: clean, faults } = isAsSent(dtoClass)
    ? { value, faults: [] }
    : normalise(value, verbatimFieldsOf(dtoClass));
  const dto = plainToInstance(dtoClass, clean, { exposeDefaultValues: true });
  const closed = !hasOpenFields(dtoClass);
  const errors = await validate(dto, {
    whitelist: closed,
    forbidNonWhitelisted: closed,
    forbidUnknownValues: true,
  });
  return { dto, details: [...faults, ...errors.flatMap((error) => detailsOf(error))] };
}

function detailsOf(
  { property, constraints = {}, children = [] }: ValidationError,
  parent = '',
): ErrorDetail[] {
  const field =
    parent === '' ? property : /^\d+$/.test(property) ? `${parent}[${property}]` : `${parent}.${property}`;
  const own = Object.entries(constraints).map(([code, message]) =>
    code === 'whitelistValidation'
      ? { field, code: 'unknownField', message: `${field} is not a field of this request` }
      : { field, code, message },
  );
  return [...own, ...children.flatMap((child) => detailsOf(child, field))];
}
