import { createHash, createPublicKey, generateKeyPair, type JsonWebKey } from 'node:crypto';
import { promisify } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { SECRETS, type SecretsProvider } from '../../secrets/secrets-provider.js';

/** The key set as it is kept: the first key signs, the others still verify. */
export interface SigningKeySet {
  readonly keys: readonly { readonly kid: string; readonly privateKey: string }[];
}

/** RS256 keys of the local provider. */
@Injectable()
export class SigningKeys {
  constructor(@Inject(SECRETS) private readonly secrets: SecretsProvider) {}

  async current(): Promise<{ kid: string; privateKey: string }> {
    const [key] = (await this.stored()).keys;
    if (!key) throw new Error('The secret signing-keys holds no key');
    return key;
  }

  /** The public halves, as RFC 7517 writes them. */
  async publicSet(): Promise<{ keys: readonly JsonWebKey[] }> {
    const { keys } = await this.stored();
    return {
      keys: keys.map(({ kid, privateKey }) => ({
        ...createPublicKey(privateKey).export({ format: 'jwk' }),
        kid,
        use: 'sig',
        alg: 'RS256',
      })),
    };
  }

  private stored(): Promise<SigningKeySet> {
    return this.secrets.read('signing-keys', async () => ({ keys: [await generateSigningKey()] }));
  }
}

/** A new RSA key of 2048 bits; its `kid` is the JWK thumbprint (RFC 7638). */
export async function generateSigningKey(): Promise<SigningKeySet['keys'][number]> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const { e, kty, n } = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
  return { kid, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
