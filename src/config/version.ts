/** The version of the API (SemVer), as in package.json; a test compares them. */
export const VERSION = '0.5.0';
