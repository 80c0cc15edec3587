import type { Clock } from '../clock.js';
import { TOKEN_LIFE_SECONDS } from '../identity/identity-provider.js';
import { generateSigningKey } from '../identity/local/signing-keys.js';
import { generateApplicationKey, SIGNATURE_LIFE_SECONDS } from './application-keys.js';
import type { FileSecrets } from './file-secrets.js';
import { acceptedOf, type DatedKey, type KeyRing } from './key-ring.js';

export const ROTATED = ['signing-keys', 'application-keys'] as const;
export type RotatedSecret = (typeof ROTATED)[number];

const RULES: Record<
  RotatedSecret,
  { readonly generate: (now: number) => DatedKey | Promise<DatedKey>; readonly life: number }
> = {
  'signing-keys': { generate: generateSigningKey, life: TOKEN_LIFE_SECONDS },
  'application-keys': { generate: generateApplicationKey, life: SIGNATURE_LIFE_SECONDS },
};

/** The key ring after one more rotation: a new key in front, and those whose signatures still count. */
export async function rotated(
  name: RotatedSecret,
  standing: KeyRing<DatedKey> | undefined,
  now: number,
): Promise<KeyRing<DatedKey>> {
  const { generate, life } = RULES[name];
  return { keys: [await generate(now), ...acceptedOf(standing ?? { keys: [] }, now, life)] };
}

/** Rotates the keys of a laptop. What the keys before signed stays good for its life. */
export class KeyRotation {
  constructor(
    private readonly secrets: FileSecrets,
    private readonly clock: Clock,
  ) {}

  async rotate(name: RotatedSecret): Promise<void> {
    const standing = (await this.secrets.load(name)) as KeyRing<DatedKey> | undefined;
    await this.secrets.replace(name, await rotated(name, standing, this.clock.seconds()));
  }
}
