import { createHash, createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { acceptedOf, type DatedKey, type KeyRing, signerOf } from '../../secrets/key-ring.js';
import { Secrets } from '../../secrets/secrets.js';
import { type JsonWebKeySet, TOKEN_LIFE_SECONDS } from '../identity-provider.js';

export interface SigningKey extends DatedKey {
  readonly kid: string;
  /** PKCS #8 in PEM. */
  readonly privateKey: string;
}

/** RS256 keys of the local provider. */
@Injectable()
export class SigningKeys {
  constructor(
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  async current(): Promise<SigningKey> {
    return signerOf(await this.ring(), this.clock.seconds());
  }

  /** The public halves of all keys whose tokens still count, and of the next one. */
  async publicSet(): Promise<JsonWebKeySet> {
    const keys = acceptedOf(await this.ring(), this.clock.seconds(), TOKEN_LIFE_SECONDS);
    return {
      keys: keys.map(({ kid, privateKey }) => ({
        ...createPublicKey(privateKey).export({ format: 'jwk' }),
        kid,
        use: 'sig',
        alg: 'RS256',
      })),
    };
  }

  private ring(): Promise<KeyRing<SigningKey>> {
    const create = async () => ({ keys: [await generateSigningKey(this.clock.seconds())] });
    return this.secrets.read('signing-keys', create);
  }
}

/** A new RSA key of 2048 bits; its `kid` is the JWK thumbprint (RFC 7638). */
export async function generateSigningKey(createdAt: number): Promise<SigningKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const { e, kty, n } = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
  return { kid, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), createdAt };
}
