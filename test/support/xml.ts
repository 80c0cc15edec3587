import { type Document, DOMParser, onErrorStopParsing } from '@xmldom/xmldom';

/** What XML cannot hold (XML 1.0, 2.2), which the parser lets pass. */
const NOT_IN_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** Strictly: what is not well-formed is an error. @throws {Error} */
export function parseXml(text: string): Document {
  const wrong = NOT_IN_XML.exec(text)?.[0];
  if (wrong !== undefined) throw new Error(`No XML can hold ${JSON.stringify(wrong)}`);
  return new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, 'text/xml');
}

/** The texts of all elements of a name. */
export const textsOf = (document: Document, name: string): string[] =>
  Array.from(document.getElementsByTagName(name), (element) => element.textContent ?? '');
