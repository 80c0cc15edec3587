import { existsSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { type Config, ConfigurationError } from '../config/config.js';
import { configFromProcess } from '../config/environment.js';
import { SystemClock } from '../platform/clock.js';
import { FileSecrets } from '../platform/secrets/file-secrets.js';
import { KeyRotation, ROTATED, type RotatedSecret } from '../platform/secrets/key-rotation.js';

/** `npm run rotate-keys [-- signing-keys | application-keys]`: without a name, both. */
async function main(names: readonly string[]): Promise<void> {
  const wrong = names.filter((name) => !ROTATED.includes(name as RotatedSecret));
  if (wrong.length > 0)
    throw new ConfigurationError([`${wrong.join(', ')}: only ${ROTATED.join(', ')} are rotated`]);
  const rotation = rotationOf(configFromProcess());
  for (const name of names.length > 0 ? (names as RotatedSecret[]) : ROTATED) {
    await rotation.rotate(name);
    process.stdout.write(`${name}: a new key is published, and signs in ten minutes\n`);
  }
}

/** @throws {ConfigurationError} where Secrets Manager holds the keys, and rotates them */
function rotationOf(config: Config): KeyRotation {
  if (config.secrets.provider !== 'file')
    throw new ConfigurationError([
      `the keys are in Secrets Manager: aws secretsmanager rotate-secret --secret-id hearth/${config.stage}/<name>`,
    ]);
  // A new one would be filled with keys that nobody uses.
  if (!existsSync(config.dataDirectory))
    throw new ConfigurationError([`there is no data directory ${config.dataDirectory}`]);
  return new KeyRotation(new FileSecrets(config), new SystemClock());
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main(argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
