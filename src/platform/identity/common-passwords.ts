/** NIST SP 800-63B asks for a list of known passwords; more of them would refuse little that the other rules take. */
const COUNT = 10_000;

let loading: Promise<ReadonlySet<string>> | undefined;

/** Loaded with the first password that is set: start-up does without it. */
async function load(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('./common-passwords.late.js');
  return new Set(dictionary['passwords-common'].slice(0, COUNT));
}

/**
 * Whether a password is one of the most common ones, without regard to case and to what the other rules ask for at its
 * ends: `Password1!` is `password1`.
 */
export async function isCommonPassword(password: string): Promise<boolean> {
  loading ??= load();
  const common = await loading;
  const lower = password.toLowerCase();
  const word = lower.replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  return [lower, word, word.replace(/\d+$/, '')].some((form) => form !== '' && common.has(form));
}
