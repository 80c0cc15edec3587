/** What makes slugs of any script; in the deployment a file of its own beside the bundle. */
export { default as slugify } from '@sindresorhus/slugify';
