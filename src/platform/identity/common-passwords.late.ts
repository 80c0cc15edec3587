/** The most common passwords, most common first; in the deployment a file of its own beside the bundle. */
export { dictionary } from '@zxcvbn-ts/language-common';
