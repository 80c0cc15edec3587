/** Every control character but newline and tab (Unicode Cc). */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\u0008\u000b-\u001f\u007f-\u009f]/;
/** More than any language stacks on one letter (UAX 15, Stream-Safe Text Format); to order them takes quadratic time. */
const COMBINING_RUN = /\p{M}{31}/u;
// oxlint-disable-next-line no-control-regex
const ASCII = /^[\0-\u007f]*$/;

/** What is wrong with a text, in the terms of a validator. */
interface TextFault {
  readonly code: 'isWellFormed' | 'noControlCharacters' | 'combiningMarks';
  readonly message: string;
}

const FAULTS = {
  isWellFormed: 'must be valid Unicode',
  noControlCharacters: 'must not contain control characters but newline and tab',
  combiningMarks: 'must not have more than 30 combining marks in a row',
} satisfies Record<TextFault['code'], string>;

const fault = (code: TextFault['code']): { fault: TextFault } => ({
  fault: { code, message: FAULTS[code] },
});

/**
 * Brings a text into the form that is kept: NFC (UAX 15), line ends as `\n`, trimmed unless it is verbatim (a password).
 * What cannot be kept as it was sent is a fault, never silently changed.
 */
export function cleanText(
  raw: string,
  { verbatim = false } = {},
): { readonly text: string } | { readonly fault: TextFault } {
  const unified = raw.includes('\r') ? raw.replaceAll('\r\n', '\n') : raw;
  if (CONTROL.test(unified)) return fault('noControlCharacters');
  let text = unified;
  if (!ASCII.test(unified)) {
    if (!unified.isWellFormed()) return fault('isWellFormed');
    if (COMBINING_RUN.test(unified)) return fault('combiningMarks');
    text = unified.normalize('NFC');
  }
  return { text: verbatim ? text : text.trim() };
}

/** A text that nobody can be asked to correct, such as a header or a model's answer: what cannot be kept is left out. */
export function keptText(raw: string, maxLength: number): string {
  return raw
    .slice(0, maxLength)
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replaceAll(new RegExp(CONTROL, 'g'), '')
    .replaceAll(/(\p{M}{30})\p{M}+/gu, '$1')
    .normalize('NFC');
}
