import { domainToASCII, domainToUnicode } from 'node:url';

/**
 * One form of an address for all ways to write it: without case, in NFKC (`ａda@` is `ada@`), and with its domain in Unicode
 * (`xn--exmple-cua.com` is `exämple.com`). What is no address only loses its case.
 */
export function canonicalEmail(address: string): string {
  const normalized = address.normalize('NFKC').toLowerCase();
  const at = normalized.lastIndexOf('@');
  if (at < 0) return address.toLowerCase();
  const domain = domainToUnicode(domainToASCII(normalized.slice(at + 1)));
  return domain === '' ? normalized : `${normalized.slice(0, at)}@${domain}`;
}

/** The same with its domain in ASCII, as SES wants it (RFC 5890). */
export function asciiEmail(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = domainToASCII(address.slice(at + 1));
  return at < 0 || domain === '' ? address : `${address.slice(0, at)}@${domain}`;
}
