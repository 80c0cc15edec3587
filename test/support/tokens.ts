import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import jwt from 'jsonwebtoken';
import type { SigningKey } from '../../src/platform/identity/local/signing-keys.js';
import type { TestApp } from './test-app.js';

export async function signingKey(app: TestApp): Promise<SigningKey> {
  const file = join(app.environment['HEARTH_DATA_DIR'] ?? '', 'secrets', 'signing-keys.json');
  const { keys } = JSON.parse(await readFile(file, 'utf8')) as { keys: SigningKey[] };
  const [key] = keys;
  if (!key) throw new Error('No signing key');
  return key;
}

export const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

/** The token, signed anew by a key, some of its claims changed; `undefined` takes a claim out. */
export async function forge(
  { kid, privateKey }: Pick<SigningKey, 'kid' | 'privateKey'>,
  token: string,
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Promise<string> {
  const merged = Object.entries({ ...claimsOf(token), ...claims }).filter(([, value]) => value !== undefined);
  return jwt.sign(Object.fromEntries(merged), privateKey, {
    algorithm: 'RS256',
    // jsonwebtoken would put `iat` in where it was taken out, and takes it out where it is told to put none in.
    noTimestamp: merged.every(([name]) => name !== 'iat'),
    header: { alg: 'RS256', kid, ...header },
  });
}

export const headerOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as Record<string, unknown>;
