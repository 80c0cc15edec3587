import type { Type } from '@nestjs/common';
import { validate, type ValidationError } from 'class-validator';
import type { ErrorDetail } from '../errors/api-error.js';
import { knownFields, toDto } from './dto.js';
import { cleanInput } from './input.js';
import { hasOpenFields, maxEntriesOf } from './validation.decorators.js';

/** An instance of a DTO and every fault that it has; unknown fields are faults. */
export async function check<T extends object>(
  dtoClass: Type<T>,
  sent: object,
): Promise<{ readonly dto: T; readonly details: readonly ErrorDetail[] }> {
  const { value, faults, isBroken, settled } = cleanInput(sent, dtoClass, {
    maxEntries: maxEntriesOf(dtoClass),
  });
  if (isBroken) return { dto: new dtoClass(), details: faults };
  const closed = !hasOpenFields(dtoClass);
  const dto = toDto(dtoClass, closed ? value : knownFields(dtoClass, value));
  const errors = await validate(dto, {
    whitelist: closed,
    forbidNonWhitelisted: closed,
    forbidUnknownValues: true,
  });
  const found = errors.flatMap((error) => detailsOf(error)).filter(({ field }) => !settled.has(field));
  return { dto: closed ? dto : Object.assign(dto, { ...value, ...dto }), details: [...faults, ...found] };
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
