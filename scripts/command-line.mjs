// What the scripts' command lines have in common: an option that cannot be is one line and exit code 2.
import { parseArgs } from 'node:util';

/** @returns {never} */
export function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

/** @param options as of `parseArgs` */
export function optionsOf(options) {
  try {
    return parseArgs({ options });
  } catch (error) {
    return refuse(`${error.message.split('. ')[0]}. There are --${Object.keys(options).join(', --')}`);
  }
}

export function numberOf(name, text) {
  const number = Number(text);
  return text.trim() !== '' && number >= 0 && Number.isFinite(number)
    ? number
    : refuse(`--${name} is no number: ${text}`);
}

/** An address without its last slash. */
export function baseOf(text) {
  return /^https?:\/\/\S+$/.test(text) && URL.canParse(text)
    ? text.replace(/\/+$/, '')
    : refuse(`--base is no address of the web: ${text}`);
}

/** What `fetch` keeps as the cause of its failure. */
export const reasonOf = (error) =>
  error.cause ? `${error.message}: ${error.cause.code ?? error.cause.message}` : error.message;
