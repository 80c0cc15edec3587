import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  IsUUID,
  Length,
  MaxLength,
  Min,
  registerDecorator,
  ValidateIf,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';
import { canonicalEmail } from '../../config/email-address.js';
import type { ErrorDefinition } from '../errors/api-error.js';
import { type DtoOf, markField } from './field-shapes.js';
import { MAX_ENTRIES } from './json-limits.js';

const CODE = 'hearth:validation-code';

/** The code under which a DTO's faults are answered; VALIDATION_ERROR without it. */
export const ValidationCode = (definition: ErrorDefinition): ClassDecorator =>
  Reflect.metadata(CODE, definition);

export const validationCodeOf = (dto: object): ErrorDefinition | undefined => Reflect.getMetadata(CODE, dto);

/** Keeps a field's white space: a password is what was typed. */
export const Verbatim = (): PropertyDecorator => (prototype, property) =>
  markField(prototype, property, { isVerbatim: true });

/** A map whose keys are the client's own: kept as it was sent. */
export const FreeMap = (): PropertyDecorator => (prototype, property) =>
  markField(prototype, property, { isFreeMap: true });

/**
 * Lets a client send back a resource as it was answered: these fields are ignored (AIP-203, "output only"). With `version`
 * among them, the DTO takes the version that the client has seen, for `SeenVersions`; it is checked, and not handed on.
 */
export const ReadOnlyFields =
  (...names: readonly string[]): ClassDecorator =>
  (dtoClass) => {
    const prototype = dtoClass.prototype as object;
    for (const name of names.filter((each) => each !== 'version'))
      markField(prototype, name, { isReadOnly: true });
    if (!names.includes('version')) return;
    markField(prototype, 'version', { isSeenVersion: true });
    for (const decorate of [IsOptional(), IsInt(), Min(0), DOCUMENTED_VERSION])
      decorate(prototype, 'version');
  };

const DOCUMENTED_VERSION = ApiPropertyOptional({
  type: 'integer',
  minimum: 0,
  description:
    'The version that you have seen. If another is stored, nothing is changed (412), as with `If-Match`.',
});

/**
 * A DTO inside a DTO, or in each entry of a list.
 * @param dtoOf names its class, where need be by what the value says
 */
export const Nested = (dtoOf: DtoOf, { each = false } = {}) =>
  applyDecorators(
    (prototype: object, property: string | symbol) => markField(prototype, property, { nested: dtoOf }),
    IsObject({ each }),
    ValidateNested({ each }),
  );

const MAX_ENTRIES_OF_DTO = 'hearth:max-entries';

/** How many properties and list entries a request may have in total, where it is more than `MAX_ENTRIES`. */
export const MaxEntries = (limit: number): ClassDecorator => Reflect.metadata(MAX_ENTRIES_OF_DTO, limit);

export const maxEntriesOf = (dto: object): number =>
  (Reflect.getMetadata(MAX_ENTRIES_OF_DTO, dto) as number | undefined) ?? MAX_ENTRIES;

/** Addresses are compared in one form, however they were written. */
export const CanonicalEmail = () =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? canonicalEmail(value) : value));

const AS_SENT = 'hearth:as-sent';

/** A message whose signature covers every byte: nothing is brought into another form, nothing is a fault of form. */
export const AsSent = (): ClassDecorator => Reflect.metadata(AS_SENT, true);

export const isAsSent = (dto: object): boolean => Reflect.getMetadata(AS_SENT, dto) === true;

const OPEN = 'hearth:open-fields';

/** A map whose known keys are checked and whose other keys are the client's own. */
export const OpenFields = (): ClassDecorator => Reflect.metadata(OPEN, true);

export const hasOpenFields = (dto: object): boolean => Reflect.getMetadata(OPEN, dto) === true;

/** `null` is the same as leaving the field out, as clients in Java, Go and Rust send it for what they do not say. */
export const NullIsAbsent = (): PropertyDecorator => (prototype, property) =>
  markField(prototype, property, { isNullAbsent: true });

/** May be left out, and cannot be cleared: `null` is the same as leaving it out. */
export const IsOmittable = () =>
  applyDecorators(
    NullIsAbsent(),
    ValidateIf((_, value) => value !== undefined),
  );

/** A rule of ours in class-validator's terms. */
export function rule(
  name: string,
  holds: (value: unknown, dto: object) => boolean,
  message: string,
  options: ValidationOptions & { readonly constraints?: unknown[] } = {},
): PropertyDecorator {
  const { constraints, ...others } = options;
  return (target, propertyName) =>
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: String(propertyName),
      ...(constraints && { constraints }),
      options: { message: `$property ${message}`, ...others },
      validator: { validate: (value, args) => holds(value, args?.object ?? {}) },
    });
}

/** A calendar date `YYYY-MM-DD` that exists, from year 1900 to 9999. */
export const IsDateOnly = () =>
  applyDecorators(
    rule('isDateOnly', isDateOnly, 'must be a calendar date like 2025-06-25'),
    ApiProperty({ format: 'date' }),
  );

export function isDateOnly(value: unknown): value is string {
  if (typeof value !== 'string' || !/^(19|[2-9]\d)\d{2}-\d{2}-\d{2}$/.test(value)) return false;
  const instant = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(value);
}

export const AreDatesOnly = () =>
  applyDecorators(
    rule(
      'areDatesOnly',
      (value) => Array.isArray(value) && value.every(isDateOnly),
      'must hold calendar dates like 2025-06-25',
    ),
    ApiProperty({ type: 'array', items: { type: 'string', format: 'date' } }),
  );

const INSTANT = /^(19|[2-9]\d)\d{2}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Starts a new line, changes the direction of what follows, or takes no room at all. */
const NOT_IN_A_LINE =
  /[\n\t\u00ad\u061c\u115f\u1160\u2800\u3164\uffa0\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Joins or parts characters, which some scripts and emoji need. */
const JOINERS = /\u200c|\u200d|\p{Variation_Selector}/u;

/** One visible line: a name, a title. Without joiners an e-mail address: two that look alike would be two accounts. */
export const OneLine = ({ joiners = true } = {}) =>
  rule(
    'oneLine',
    (value) =>
      typeof value !== 'string' ||
      value === '' ||
      (!NOT_IN_A_LINE.test(value) && VISIBLE.test(value) && (joiners || !JOINERS.test(value))),
    'must be one visible line of text',
  );

/** An instant as RFC 3339 writes it, with its offset from UTC. */
export const IsInstant = () =>
  applyDecorators(
    rule('isInstant', isInstant, 'must be an instant like 2025-06-25T18:30:00Z'),
    ApiProperty({ format: 'date-time' }),
  );

const isInstant = (value: unknown): value is string =>
  typeof value === 'string' &&
  INSTANT.test(value) &&
  isDateOnly(value.slice(0, 10)) &&
  !Number.isNaN(Date.parse(value));

/** Brings an instant into the one form that is kept: UTC, with milliseconds. */
export const AsInstant = () =>
  Transform(({ value }: { value: unknown }) => (isInstant(value) ? new Date(value).toISOString() : value));

/** A whole number in a query: digits and nothing else. */
export const WholeNumber = () =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value,
    ),
    IsInt(),
    ApiPropertyOptional({ type: 'integer' }),
  );

const InLowerCase = () =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value));

/** A UUID, which is the same one in capitals (RFC 9562, 4). */
export const IsId = () => applyDecorators(InLowerCase(), IsUUID(), ApiProperty({ format: 'uuid' }));

/** An id of something that may not be there: what is no UUID names nothing, and is no fault of form. */
export const NamesId = () =>
  applyDecorators(
    InLowerCase(),
    IsString(),
    Length(1, 100),
    ApiProperty({ format: 'uuid', minLength: 1, maxLength: 100 }),
  );

/** `true` or `false` in a query. */
export const AsBoolean = () =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

/** At most so many bytes in UTF-8: DynamoDB counts bytes, not characters. */
export const MaxBytes = (limit: number) =>
  rule(
    'maxBytes',
    (value) => typeof value === 'string' && Buffer.byteLength(value) <= limit,
    `must have at most ${limit} bytes in UTF-8`,
    { constraints: [limit] },
  );

/** A time zone of the IANA database that this runtime knows. */
export const IsTimeZone = () =>
  applyDecorators(
    rule('isTimeZone', isTimeZone, 'must be an IANA time zone like Europe/Stockholm'),
    ApiProperty({ pattern: '^[A-Za-z][A-Za-z0-9_+/-]*$', example: 'Europe/Stockholm' }),
  );

function isTimeZone(value: unknown): value is string {
  if (typeof value !== 'string' || !/^[A-Za-z][\w+/-]*$/.test(value)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: value }));
  } catch {
    return false;
  }
}

/** An empty text clears a field, as `null` does. */
export const EmptyIsNull = () => Transform(({ value }: { value: unknown }) => (value === '' ? null : value));

/** Optional text of at most so many characters; `null` and the empty text clear it. */
export const Text = (limit: number) =>
  applyDecorators(
    EmptyIsNull(),
    IsOptional(),
    IsString(),
    MaxLength(limit),
    ApiPropertyOptional({ maxLength: limit }),
  );

/** One of these words in upper or lower case, as it is written here. */
export const InAnyCase = (words: readonly string[]) =>
  Transform(({ value }: { value: unknown }) => {
    const wanted = typeof value === 'string' ? value.toLowerCase() : undefined;
    return words.find((word) => word.toLowerCase() === wanted) ?? value;
  });

/** An optional address on the web; `null` and the empty text clear it. */
export const WebAddress = () =>
  applyDecorators(
    EmptyIsNull(),
    IsOptional(),
    IsUrl({ protocols: ['https', 'http'], require_protocol: true }),
    MaxLength(2000),
    ApiPropertyOptional({ maxLength: 2000, format: 'uri', example: 'https://example.com/page' }),
  );

/** Two names of one thing must not say two things. */
export const AgreesWith = (...names: readonly string[]) =>
  rule(
    'agrees',
    (value, dto) =>
      names.every((name) => [undefined, value].includes((dto as Partial<Record<string, string>>)[name])),
    `must not differ from ${names.join(' or ')}`,
  );
