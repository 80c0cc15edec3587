import type { ErrorDetail } from '../errors/api-error.js';

const DEEPEST = 16;
/** Below this DynamoDB keeps no number (it takes 1E-130 and more). */
const SMALLEST = 1e-130;
const FORBIDDEN_KEYS = new Set(['', '__proto__', 'constructor', 'prototype']);
/** Every control character but newline and tab (Unicode Cc). */
const CONTROL = /(?![\n\t])\p{Cc}/u;

/**
 * Brings the text of a request into one form: NFC (UAX 15), line ends as `\n`, trimmed unless the field is
 * verbatim (a password). What cannot be kept as it was sent is a fault, never silently changed.
 */
export function normalise(
  value: unknown,
  verbatim: ReadonlySet<string>,
): { readonly value: unknown; readonly faults: readonly ErrorDetail[] } {
  const faults: ErrorDetail[] = [];
  const fault = (field: string, code: string, message: string) => faults.push({ field, code, message });

  const text = (raw: string, field: string): string => {
    const unified = raw.replaceAll('\r\n', '\n').normalize('NFC');
    if (!raw.isWellFormed()) fault(field, 'isWellFormed', `${field} must be valid Unicode`);
    else if (CONTROL.test(unified)) {
      fault(field, 'noControlCharacters', `${field} must not contain control characters but newline and tab`);
    }
    return verbatim.has(field) ? unified : unified.trim();
  };

  const walk = (node: unknown, field: string, depth: number): unknown => {
    if (typeof node === 'string') return text(node, field);
    if (
      typeof node === 'number' &&
      !(Math.abs(node) <= Number.MAX_SAFE_INTEGER && (node === 0 || Math.abs(node) >= SMALLEST))
    ) {
      fault(field, 'numberRange', `${field} must be a number that can be kept exactly`);
    }
    if (typeof node !== 'object' || node === null) return node;
    if (depth > DEEPEST) {
      fault(field, 'maxDepth', `${field} must not be nested deeper than ${DEEPEST} levels`);
      return null;
    }
    if (Array.isArray(node))
      return node.map((entry, position) => walk(entry, `${field}[${position}]`, depth + 1));
    const clean: Record<string, unknown> = {};
    for (const [key, entry] of Object.entries(node)) {
      const path = field === '' ? key : `${field}.${key}`;
      if (FORBIDDEN_KEYS.has(key)) fault(path, 'unknownField', `${path} is not a field of this request`);
      else clean[key] = walk(entry, path, depth + 1);
    }
    return clean;
  };

  return { value: walk(value, '', 0), faults };
}
