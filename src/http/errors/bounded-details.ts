import type { ErrorDetail } from './api-error.js';

const MAX_DETAILS = 50;
const MAX_FIELD_LENGTH = 200;
const MAX_MESSAGE_LENGTH = 1000;
/** Bytes as JSON, all details together: no error answer exceeds 64 KB. */
const MAX_BYTES = 56 * 1024;

/** As many faults as an answer holds; the last entry says how many more there are. */
export function boundedDetails(details: readonly ErrorDetail[], most = MAX_DETAILS): readonly ErrorDetail[] {
  const shown: ErrorDetail[] = [];
  let bytes = 0;
  for (const { field, code, message } of details.slice(0, most)) {
    const detail = {
      field: field.slice(0, MAX_FIELD_LENGTH),
      code,
      message: message.slice(0, MAX_MESSAGE_LENGTH),
    };
    bytes += Buffer.byteLength(JSON.stringify(detail));
    if (bytes > MAX_BYTES) break;
    shown.push(detail);
  }
  const left = details.length - shown.length;
  if (left === 0) return shown;
  // The last entry makes room for the number of those that are left out.
  if (shown.length === most) shown.pop();
  const more = details.length - shown.length;
  return [...shown, { field: '', code: 'tooManyFaults', message: `There are more faults: ${more}` }];
}
