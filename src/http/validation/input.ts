import type { Type } from '@nestjs/common';
import type { ErrorDetail } from '../errors/api-error.js';
import { type FieldShape, shapesOf } from './field-shapes.js';
import { MAX_DEPTH, MAX_ENTRIES, MAX_NAME_LENGTH } from './json-limits.js';
import { cleanText } from '../../platform/text.js';
import { hasOpenFields, isAsSent } from './validation.decorators.js';

/** Below this DynamoDB keeps no number (it takes 1E-130 and more). */
const SMALLEST_NUMBER = 1e-130;
/** Where a DTO gives no limit: its validator takes but a word, a date or an address of the web. */
const DEFAULT_MAX_LENGTH = { limit: 5000, code: 'maxLength' };
/** All texts of free maps together: what an item of the table holds of them is less. */
const FREE_CHARACTERS = 100_000;
/** A text may be several times as long before NFC composes its characters (Hangul syllables of three, say). */
const LONGER_BEFORE_NFC = 4;
/** Not kept in a free map either: DynamoDB takes no empty name, and its SDK reads the other two as what they are to JavaScript. */
const NEVER_KEPT: ReadonlySet<string> = new Set(['', '__proto__', 'constructor']);
/** Names that a plain object has without being given them, such as `toString`: no field of any DTO is called that. */
const INHERITED_NAMES: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** What was found wrong, and how far. */
interface CleanInput {
  readonly value: Record<string, unknown>;
  readonly faults: readonly ErrorDetail[];
  /** Whether something is wrong that no validator should see. */
  readonly isBroken: boolean;
  /** Fields whose fault is known already, so that validators have nothing to add. */
  readonly settled: ReadonlySet<string>;
}

/** The position of a value in a request: its field, and what the DTO says of it. */
interface Place {
  readonly field: string;
  readonly depth: number;
  /** Undefined inside a free map, where every name is the client's own. */
  readonly shapes: ReadonlyMap<string, FieldShape> | undefined;
  readonly shape: FieldShape | undefined;
}

/**
 * Brings what was sent for a DTO into the form that is kept: text as `cleanText` has it, numbers that DynamoDB keeps, no
 * names that mean something to JavaScript. Sizes are compared with what the DTO allows before a value is looked at.
 * @param maxEntries properties and array entries in total, all levels together
 */
export function cleanInput(
  sent: object,
  dtoClass: Type<object>,
  { maxEntries = MAX_ENTRIES } = {},
): CleanInput {
  const asSent = isAsSent(dtoClass);
  const faults: ErrorDetail[] = [];
  const settled = new Set<string>();
  let isBroken = false;
  let freeCharacters = 0;
  let entries = 0;
  const fault = (field: string, code: string, message: string) =>
    faults.push({ field, code, message: `${shortened(field)} ${message}`.trimStart() });
  const refuse = (...found: Parameters<typeof fault>) => {
    isBroken = true;
    fault(...found);
  };

  const cleanString = (raw: string, { field, shape, shapes }: Place): string => {
    if (asSent) return raw;
    if (shapes === undefined) freeCharacters += raw.length;
    if (freeCharacters > FREE_CHARACTERS) {
      refuse(field, 'maxLength', `and what stands before it hold more than ${FREE_CHARACTERS} characters`);
      return '';
    }
    const maxLength = shape?.maxLength ?? DEFAULT_MAX_LENGTH;
    if (shapes !== undefined && raw.length > LONGER_BEFORE_NFC * maxLength.limit) {
      settled.add(field);
      fault(field, maxLength.code, `must be shorter than or equal to ${maxLength.limit} characters`);
      return '';
    }
    const cleaned = cleanText(raw, { verbatim: shape?.isVerbatim ?? false });
    if ('text' in cleaned) return cleaned.text;
    refuse(field, cleaned.fault.code, cleaned.fault.message);
    return '';
  };

  const cleanList = (list: readonly unknown[], place: Place): unknown[] => {
    const { field, shape, depth } = place;
    const maxItems = shape?.maxItems;
    if (maxItems !== undefined && list.length > maxItems) {
      settled.add(field);
      fault(field, 'arrayMaxSize', `must contain no more than ${maxItems} elements`);
      return [];
    }
    const cleaned: unknown[] = [];
    for (const [position, entry] of list.entries()) {
      entries += 1;
      if (entries > maxEntries) break;
      cleaned.push(clean(entry, { ...place, field: `${field}[${position}]`, depth: depth + 1 }));
    }
    return cleaned;
  };

  const cleanMap = (map: object, { field, depth, shapes }: Place): Record<string, unknown> => {
    const cleaned: Record<string, unknown> = {};
    for (const [name, entry] of Object.entries(map)) {
      entries += 1;
      if (entries > maxEntries) break;
      const { isReadOnly, isNullAbsent } = shapes?.get(name) ?? {};
      if (isReadOnly || (isNullAbsent && entry === null)) continue;
      const path = field === '' ? name : `${field}.${name}`;
      if (name.length > MAX_NAME_LENGTH)
        refuse(path, 'maxNameLength', `has a name of more than ${MAX_NAME_LENGTH} characters`);
      else if (NEVER_KEPT.has(name) || (shapes && INHERITED_NAMES.has(name)))
        fault(path, 'unknownField', 'is not a field of this request');
      else {
        const shape = shapes?.get(name);
        cleaned[name] = clean(entry, { field: path, depth: depth + 1, shapes, shape });
      }
    }
    return cleaned;
  };

  const clean = (node: unknown, place: Place): unknown => {
    const { field, depth, shape } = place;
    if (typeof node === 'string') return cleanString(node, place);
    if (typeof node === 'number' && !asSent && !isKeptExactly(node))
      refuse(field, 'numberRange', 'must be a number that can be kept exactly');
    if (typeof node !== 'object' || node === null) return node;
    if (depth > MAX_DEPTH) {
      refuse(field, 'maxDepth', `must not be nested deeper than ${MAX_DEPTH} levels`);
      return null;
    }
    if (Array.isArray(node)) return cleanList(node, place);
    return cleanMap(node, { ...place, shapes: shapesInside(node, place, shape) });
  };

  const shapes = hasOpenFields(dtoClass) ? undefined : shapesOf(dtoClass);
  const value = cleanMap(sent, { field: '', depth: 0, shapes, shape: undefined });
  if (entries > maxEntries) refuse('', 'maxEntries', `The request has more than ${maxEntries} entries`);
  return { value, faults, isBroken, settled };
}

function shapesInside(
  node: object,
  { shapes }: Place,
  shape: FieldShape | undefined,
): ReadonlyMap<string, FieldShape> | undefined {
  if (shapes === undefined || shape?.isFreeMap) return undefined;
  return shape?.nested ? shapesOf(shape.nested(node)) : NO_SHAPES;
}

const NO_SHAPES: ReadonlyMap<string, FieldShape> = new Map();

const isKeptExactly = (number: number): boolean =>
  Math.abs(number) <= Number.MAX_SAFE_INTEGER && (number === 0 || Math.abs(number) >= SMALLEST_NUMBER);

const shortened = (field: string) => field.slice(0, MAX_NAME_LENGTH);
