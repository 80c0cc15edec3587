import type { FileType } from '../image.js';

const beginsWith = (bytes: Buffer, text: string, at = 0) =>
  bytes.subarray(at, at + text.length).toString('latin1') === text;

/** How a file of each type begins, and, where the format says so, where it ends. */
const FORMS: Readonly<Record<FileType, (bytes: Buffer) => boolean>> = {
  'image/jpeg': (bytes) => beginsWith(bytes, '\xff\xd8\xff'),
  // The last chunk is IEND, of no length (W3C PNG, 11.2.5).
  'image/png': (bytes) =>
    beginsWith(bytes, '\x89PNG\r\n\x1a\n') &&
    beginsWith(bytes, '\0\0\0\0IEND\xae\x42\x60\x82', bytes.length - 12),
  // RIFF states its length, which is even (RFC 9649, 2.3 and 2.4).
  'image/webp': (bytes) =>
    bytes.length >= 12 &&
    beginsWith(bytes, 'RIFF') &&
    beginsWith(bytes, 'WEBP', 8) &&
    bytes.readUInt32LE(4) + 8 === bytes.length,
  // ISO 32000-1, 7.5.2 and 7.5.5; readers look for the end in the last kilobyte.
  'application/pdf': (bytes) =>
    beginsWith(bytes, '%PDF-') && bytes.subarray(-1024).toString('latin1').includes('%%EOF'),
};

/** Where a ZIP's directory ends is looked for from behind, through a comment of up to 64 KB (APPNOTE 4.3.16). */
const ZIP_END = 'PK\x05\x06';
const ZIP_TAIL = 65_557;
/** What makes a page or a script of a file wherever it stands. (An SVG must begin as XML, which no picture does.) */
const MARKUP = /<script[\s>]|<html[\s>]|<!doctype html|<\?php\s/i;

/** Whether bytes are of a type by what they are, not by what they were called; and of no second type besides. */
export function isOfType(bytes: Buffer, type: FileType): boolean {
  return FORMS[type](bytes) && !isPolyglot(bytes, type);
}

/** A file that other programs would take for a PDF, an archive or a page. */
function isPolyglot(bytes: Buffer, type: FileType): boolean {
  if (bytes.subarray(-ZIP_TAIL).includes(ZIP_END, 0, 'latin1')) return true;
  if (type === 'application/pdf') return false;
  // Readers take a PDF that begins anywhere in the first kilobyte.
  if (bytes.subarray(0, 1024).includes('%PDF-', 0, 'latin1')) return true;
  return MARKUP.test(bytes.toString('latin1'));
}
