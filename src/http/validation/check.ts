import type { Type } from '@nestjs/common';
import { validate, type ValidationError } from 'class-validator';
import type { ErrorDetail } from '../errors/api-error.js';
import { knownFields, toDto } from './dto.js';
import { shapesOf } from './field-shapes.js';
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
  if (shapesOf(dtoClass).get('version')?.isSeenVersion) Reflect.deleteProperty(dto, 'version');
  return { dto: closed ? dto : Object.assign(dto, { ...value, ...dto }), details: [...faults, ...found] };
}

function detailsOf(
  { property, value, constraints = {}, children = [], target = {} }: ValidationError,
  parent = '',
): ErrorDetail[] {
  const field =
    parent === '' ? property : /^\d+$/.test(property) ? `${parent}[${property}]` : `${parent}.${property}`;
  const code = faultOf(constraints, value);
  const isOwn = code === 'unknownField' && hasOpenFields(target.constructor);
  const messages: Readonly<Record<string, string>> = {
    ...constraints,
    unknownField: `${field} is not a field of this request`,
    required: `${field} is required`,
  };
  const own = code === undefined || isOwn ? [] : [{ field, code, message: messages[code] ?? '' }];
  return [...own, ...children.flatMap((child) => detailsOf(child, field))];
}

/** What says of which type a value must be, which comes before what it must be like. */
const TYPES = ['isString', 'isInt', 'isNumber', 'isBoolean', 'isArray', 'isObject'];

/** Of the rules that a value breaks, the one that its client has to know of first. */
function faultOf(constraints: Readonly<Record<string, string>>, value: unknown): string | undefined {
  const codes = Object.keys(constraints);
  if (codes.includes('whitelistValidation')) return 'unknownField';
  if (codes.length > 0 && (value === undefined || value === null)) return 'required';
  return TYPES.find((type) => codes.includes(type)) ?? codes[0];
}
