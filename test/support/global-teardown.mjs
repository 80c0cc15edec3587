import { rmSync } from 'node:fs';

export default async function tearDown() {
  await Promise.all((globalThis.hearthTestServers ?? []).map((server) => server.stop()));
  rmSync(globalThis.hearthTestDirectory, { recursive: true, force: true });
}
