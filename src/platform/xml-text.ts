/** What XML cannot hold (XML 1.0, 2.2) of what the API takes as text. */
const NONCHARACTERS = /[\uFFFE\uFFFF]/g;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text without what no XML can hold. */
export const xmlText = (text: string): string => text.replaceAll(NONCHARACTERS, '');

/** A text as HTML, or as the content of XML, that shows it as it is. */
export const escapedText = (text: string): string =>
  xmlText(text).replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? '');
