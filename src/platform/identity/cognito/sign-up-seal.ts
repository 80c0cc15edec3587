import type { ApplicationKeys } from '../../secrets/application-keys.js';

/** The name in ClientMetadata under which a sign-up shows that it came through this API. */
export const SEAL = 'hearthAdmission';

const LIFE_SECONDS = 300;

const message = (email: string, end: string) => `${email.toLowerCase()} ${end}`;

/**
 * Proves to the pool's PreSignUp trigger that this API has let an address in: the pool's client has no secret, so
 * that anybody can call SignUp.
 */
export async function sealSignUp(keys: ApplicationKeys, email: string, now: number): Promise<string> {
  const end = String(now + LIFE_SECONDS);
  return `${end}.${(await keys.sign('sign-up', message(email, end))).toString('base64url')}`;
}

export async function isSealed(
  keys: ApplicationKeys,
  email: string,
  seal: string | undefined,
  now: number,
): Promise<boolean> {
  const [end = '', mac = ''] = (seal ?? '').split('.');
  return Number(end) > now && keys.verify('sign-up', message(email, end), Buffer.from(mac, 'base64url'));
}
