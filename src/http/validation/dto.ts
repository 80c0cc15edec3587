import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { type FieldShape, shapesOf } from './field-shapes.js';

const isMap = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What class-transformer is trusted with: it calls and constructs what it finds in maps (0.5.1). */
const isFlat = (value: unknown): boolean =>
  Array.isArray(value) ? value.every((entry) => typeof entry !== 'object' || entry === null) : !isMap(value);

/**
 * An instance of a DTO. Its `@Transform`s and defaults are class-transformer's; maps and lists of maps become nested DTOs
 * where the field is `@Nested`, and stay as they are where it is not: for validators to refuse, or as free maps.
 */
export function toDto<T extends object>(dtoClass: Type<T>, plain: Readonly<Record<string, unknown>>): T {
  const shapes = shapesOf(dtoClass);
  const fields = Object.entries(plain);
  const isPlain = ([name, value]: [string, unknown]) => {
    const shape = shapes.get(name);
    return shape !== undefined && !shape.nested && !shape.isFreeMap && isFlat(value);
  };
  const dto = plainToInstance(dtoClass, Object.fromEntries(fields.filter(isPlain)), {
    exposeDefaultValues: true,
  });
  for (const field of fields) {
    const [name, value] = field;
    if (!isPlain(field)) Object.assign(dto, { [name]: nestedValue(value, shapes.get(name)) });
  }
  return dto;
}

/** Without the fields that are the client's own: class-validator takes one called `constructor` for the DTO's class. */
export function knownFields(dtoClass: Type<object>, plain: object): Record<string, unknown> {
  const shapes = shapesOf(dtoClass);
  return Object.fromEntries(Object.entries(plain).filter(([name]) => shapes.has(name)));
}

function nestedValue(value: unknown, shape: FieldShape | undefined): unknown {
  const dtoOf = shape?.nested;
  if (!dtoOf) return value;
  const one = (entry: unknown) =>
    isMap(entry) ? toDto(dtoOf(entry), entry as Readonly<Record<string, unknown>>) : entry;
  return Array.isArray(value) ? value.map(one) : one(value);
}
