import { rule } from '../../../http/validation/validation.decorators.js';

/** What is kept of where visits begin and come from: totals of a day, of these and no more. */
export type SourceKind = 'PATHS' | 'REFERRERS';

/** Different ones a day; those that come after count together. */
export const SOURCES_PER_DAY = 200;
/** Stands for the others: no path and no host has this sign. */
export const OTHERS = '#others';

const LONGEST_PATH = 200;
/** RFC 1035, 2.3.4. */
const LONGEST_HOST = 253;
const NOWHERE = 'http://site.invalid';

/** A path without what a query or a fragment may tell; percent-encoded, and cut after 200 characters. */
export const pathOf = (path: string): string => new URL(path, NOWHERE).pathname.slice(0, LONGEST_PATH);

/** The host that a visit came from, unless that is the site itself, or none of the web. @param origin of the page that tells it */
export function hostOf(referrer: string, origin: string | undefined): string | undefined {
  const { protocol, hostname } = new URL(referrer);
  const own = origin !== undefined && URL.canParse(origin) ? new URL(origin).hostname : undefined;
  const ofTheWeb = (protocol === 'https:' || protocol === 'http:') && /^[a-z0-9.:[\]_-]+$/.test(hostname);
  return ofTheWeb && hostname !== own && hostname.length <= LONGEST_HOST ? hostname : undefined;
}

/** A path of a site, as `location.pathname` has it. */
export const IsPath = () => rule('isPath', isPath, 'must be a path like /blog/my-first-post');

const isPath = (value: unknown): boolean =>
  typeof value === 'string' &&
  value.startsWith('/') &&
  !/\s/.test(value) &&
  URL.canParse(value, NOWHERE) &&
  new URL(value, NOWHERE).origin === NOWHERE;

/** An address, as `document.referrer` has it. */
export const IsReferrer = () =>
  rule(
    'isReferrer',
    (value) => typeof value === 'string' && URL.canParse(value),
    'must be an address like https://example.com/',
  );
