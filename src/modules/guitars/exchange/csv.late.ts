/** What reads and writes CSV (RFC 4180); in the deployment a file of its own beside the bundle. */
export { parse } from 'csv-parse/sync';
export { stringify } from 'csv-stringify/sync';
