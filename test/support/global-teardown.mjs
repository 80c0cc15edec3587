import { rmSync } from 'node:fs';

export default async function tearDown() {
  await globalThis.hearthTestDatabase?.stop();
  rmSync(globalThis.hearthTestDirectory, { recursive: true, force: true });
}
