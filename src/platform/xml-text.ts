/** What XML cannot hold (XML 1.0, 2.2); a renderer of Markdown may make it of an entity, whatever a text may hold. */
const NOT_IN_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text without what no XML can hold. */
export const xmlText = (text: string): string => text.replaceAll(NOT_IN_XML, '');

/** A text as HTML, or as the content of XML, that shows it as it is. */
export const escapedText = (text: string): string =>
  xmlText(text).replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? '');
