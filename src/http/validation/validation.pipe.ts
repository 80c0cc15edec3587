import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { ApiError, type ErrorDetail } from '../errors/api-error.js';
import { VALIDATION_ERROR } from '../errors/common.errors.js';
import { Cursors } from '../paging/cursors.js';
import { CursorQuery } from '../paging/page-query.dto.js';
import { normalise } from './text.js';
import { hasOpenFields, isAsSent, validationCodeOf, verbatimFieldsOf } from './validation.decorators.js';

const BUILT_IN = new Set<unknown>([String, Boolean, Number, Array, Object, undefined]);

/**
 * Turns bodies and queries into instances of their DTOs, or answers with every fault at once.
 * Unknown fields are faults. A page query gets its cursor opened on the way.
 */
@Injectable()
export class ValidationPipe implements PipeTransform {
  constructor(private readonly cursors: Cursors) {}

  async transform(value: unknown, { type, metatype }: ArgumentMetadata): Promise<unknown> {
    if ((type !== 'body' && type !== 'query') || BUILT_IN.has(metatype)) return value;
    const dtoClass = metatype as Type<object>;
    const definition = validationCodeOf(dtoClass) ?? VALIDATION_ERROR;
    if (value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      const details = [{ field: '', code: 'isObject', message: 'The body must be a JSON object' }];
      throw new ApiError(definition, { details });
    }
    const { value: clean, faults } = isAsSent(dtoClass)
      ? { value: value ?? {}, faults: [] }
      : normalise(value ?? {}, verbatimFieldsOf(dtoClass));
    const dto = plainToInstance(dtoClass, clean, { exposeDefaultValues: true });
    const closed = !hasOpenFields(dtoClass);
    const errors = await validate(dto, {
      whitelist: closed,
      forbidNonWhitelisted: closed,
      forbidUnknownValues: true,
    });
    const details = [...faults, ...errors.flatMap((error) => detailsOf(error))];
    if (details.length > 0) throw new ApiError(definition, { details });
    if (dto instanceof CursorQuery && dto.cursor !== undefined) {
      return Object.assign(dto, { after: await this.cursors.open(dto.cursor) });
    }
    return dto;
  }
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
