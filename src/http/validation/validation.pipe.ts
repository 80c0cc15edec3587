import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { ApiError } from '../errors/api-error.js';
import { VALIDATION_ERROR } from '../errors/common.errors.js';
import { Cursors } from '../paging/cursors.js';
import { CursorQuery } from '../paging/page-query.dto.js';
import { check } from './check.js';
import { validationCodeOf } from './validation.decorators.js';

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
    // Clients in Java, Go and Rust send `null` where they have no body.
    const given = value ?? {};
    if (typeof given !== 'object' || Array.isArray(given)) {
      const details = [{ field: '', code: 'isObject', message: 'The body must be a JSON object' }];
      throw new ApiError(definition, { details });
    }
    const { dto, details } = await check(dtoClass, given);
    if (details.length > 0) throw new ApiError(definition, { details });
    if (dto instanceof CursorQuery && dto.cursor !== undefined) {
      return Object.assign(dto, { after: await this.cursors.open(dto.cursor) });
    }
    return dto;
  }
}
