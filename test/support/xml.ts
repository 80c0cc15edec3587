import { type Document, DOMParser, onErrorStopParsing } from '@xmldom/xmldom';

/** Strictly: what is not well-formed is an error. @throws {Error} */
export const parseXml = (text: string): Document =>
  new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, 'text/xml');

/** The texts of all elements of a name. */
export const textsOf = (document: Document, name: string): string[] =>
  Array.from(document.getElementsByTagName(name), (element) => element.textContent ?? '');
