import { rule } from '../../../http/validation/validation.decorators.js';

/** What is kept of where visits begin and come from: totals of a day, of these and no more. */
export type SourceKind = 'PATHS' | 'REFERRERS';

/** Different ones a day; those that come after count together. */
export const SOURCES_PER_DAY = 200;
export const OTHER_SOURCES = '(other)';

const LONGEST_PATH = 200;

/** A path without what a query or a fragment may tell. */
export const pathOf = (path: string): string =>
  new URL(path, 'http://site.invalid').pathname.slice(0, LONGEST_PATH);

/** The host that a visit came from, unless that is the site itself. @param origin of the page that tells it */
export function hostOf(referrer: string, origin: string | undefined): string | undefined {
  const { hostname } = new URL(referrer);
  const own = origin !== undefined && URL.canParse(origin) ? new URL(origin).hostname : undefined;
  return hostname === own ? undefined : hostname;
}

/** A path of a site, as `location.pathname` has it. */
export const IsPath = () =>
  rule(
    'isPath',
    (value) => typeof value === 'string' && /^\/(?![/\\])/.test(value),
    'must be a path like /blog/my-first-post',
  );

/** An address with a host, as `document.referrer` has it. */
export const IsReferrer = () =>
  rule(
    'isReferrer',
    (value) => typeof value === 'string' && URL.canParse(value) && new URL(value).hostname !== '',
    'must be an address like https://example.com/',
  );
