import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata.js';

/** What a DTO says of one of its fields that has to be known before the field is looked at. */
export interface FieldShape {
  /** Of the text, or of each text of a list: how many characters, and the code of the validator that says so. */
  readonly maxLength: { readonly limit: number; readonly code: string } | undefined;
  /** Entries of the list. */
  readonly maxItems: number | undefined;
  /** The DTO of a value, or of each entry of a list. */
  readonly nested: DtoOf | undefined;
  /** Whether it is a map whose keys are the client's own. */
  readonly isFreeMap: boolean;
  /** Whether white space is kept. */
  readonly isVerbatim: boolean;
  /** Whether only answers have it: ignored in a request. */
  readonly isReadOnly: boolean;
  /** Whether `null` is the same as leaving the field out. */
  readonly isNullAbsent: boolean;
  /** Whether it is the version that the client has seen, which is no field of the resource. */
  readonly isSeenVersion: boolean;
}

/** Names the DTO of a value: always the same one, or by what the value says. */
export type DtoOf = (value: object) => Type<object>;

interface Marks {
  readonly nested?: DtoOf;
  readonly isFreeMap?: true;
  readonly isVerbatim?: true;
  readonly isReadOnly?: true;
  readonly isNullAbsent?: true;
  readonly isSeenVersion?: true;
}

const MARKS = 'hearth:field-marks';

/** Notes something about a field of a DTO; subclasses inherit it. */
export function markField(prototype: object, property: string | symbol, marks: Marks): void {
  const { constructor } = prototype;
  const known = marksOf(constructor);
  const own = new Map(known).set(String(property), { ...known.get(String(property)), ...marks });
  Reflect.defineMetadata(MARKS, own, constructor);
}

const marksOf = (dtoClass: object): ReadonlyMap<string, Marks> =>
  (Reflect.getMetadata(MARKS, dtoClass) as ReadonlyMap<string, Marks> | undefined) ?? new Map();

const shapes = new WeakMap<object, ReadonlyMap<string, FieldShape>>();

/** The fields of a DTO that have a validator or a mark, by name. */
export function shapesOf(dtoClass: Type<object>): ReadonlyMap<string, FieldShape> {
  const known = shapes.get(dtoClass);
  if (known) return known;
  const read = readShapes(dtoClass);
  shapes.set(dtoClass, read);
  return read;
}

function readShapes(dtoClass: Type<object>): ReadonlyMap<string, FieldShape> {
  const validators = getMetadataStorage().getTargetValidationMetadatas(dtoClass, '', false, false);
  const marks = marksOf(dtoClass);
  const names = new Set([...validators.map(({ propertyName }) => propertyName), ...marks.keys()]);
  const defaults = new dtoClass() as Readonly<Record<string, unknown>>;
  return new Map(
    [...names].map((name) => [name, shapeOf(validators, marks, name, defaults[name] !== undefined)]),
  );
}

/** Validators that bound a text, and where among their constraints the bound is. */
const LENGTHS = new Map([
  ['maxLength', 0],
  ['isLength', 1],
  ['maxBytes', 0],
]);

function shapeOf(
  validators: readonly ValidationMetadata[],
  marks: ReadonlyMap<string, Marks>,
  field: string,
  hasDefault: boolean,
): FieldShape {
  const limits = validators.flatMap(({ propertyName, name: code = '', constraints }) => {
    const limit: unknown = (constraints as unknown[] | undefined)?.[LENGTHS.get(code) ?? 0];
    return propertyName === field && typeof limit === 'number' ? [{ code, limit }] : [];
  });
  const mark = marks.get(field) ?? {};
  // A subclass may make a field of its own of what its parent ignores.
  const isValidated = validators.some(({ propertyName }) => propertyName === field);
  return {
    maxLength: limits
      .filter(({ code }) => LENGTHS.has(code))
      .sort((one, other) => one.limit - other.limit)[0],
    maxItems: limits.find(({ code }) => code === 'arrayMaxSize')?.limit,
    nested: mark.nested,
    isFreeMap: mark.isFreeMap ?? false,
    isVerbatim: mark.isVerbatim ?? false,
    isNullAbsent: mark.isNullAbsent ?? hasDefault,
    isReadOnly: (mark.isReadOnly ?? false) && !isValidated,
    isSeenVersion: mark.isSeenVersion ?? false,
  };
}
